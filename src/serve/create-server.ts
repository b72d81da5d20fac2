import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AccessRules, accessOf, OWNER } from './access.ts';
import { listenAtSocket } from './listen-at-socket.ts';
import { createTaskDoors, type ServedView } from './task-doors.ts';

/** What this taskglass sees, shown to others over HTTP on 127.0.0.1. */
export interface TaskServer {
  /** `http://127.0.0.1:4747` */
  readonly url: string;
  readonly port: number;
  /** How many listeners there are to server-sent events and WebSockets. */
  readonly listeners: number;
  /**
   * Grants every right, without the token, to whoever can open the socket at this path: only its owner, because its
   * directory is private. Rejects with the reason if that is not possible.
   */
  openSocket(path: string): Promise<void>;
  /** Says goodbye to every listener and frees the port, in less than a second. The monitor still belongs to the caller. */
  close(): Promise<void>;
}

export interface TaskServerOptions extends AccessRules, ServedView {
  /** 0 for any free one. */
  readonly port: number;
}

const HOST = '127.0.0.1';

/** Starts to listen. Rejects with the system's error if it cannot. */
export async function createTaskServer(options: TaskServerOptions): Promise<TaskServer> {
  const doors = createTaskDoors(options);
  const portDoor = doors.openDoor((request) => accessOf(request, options));
  const ownDoor = doors.openDoor(() => OWNER);
  const server = await portDoor.listen({ port: options.port, host: HOST });

  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}`,
    port,
    get listeners() {
      return doors.listeners;
    },
    openSocket: (path) => listenAtSocket(ownDoor, path),
    close: doors.close,
  };
}

/** Serves what this taskglass sees over connections that the caller provides, such as the user's own pipe. */
export interface PipeServer {
  accept(connection: Duplex): void;
  /** Closes every connection within a second. The monitor still belongs to the caller. */
  close(): Promise<void>;
}

/** Creates a server for connections that need no token, because only the user can have made them. It does not listen. */
export function createPipeServer(options: ServedView): PipeServer {
  const doors = createTaskDoors(options);
  return { accept: doors.openDoor(() => OWNER).accept, close: doors.close };
}
