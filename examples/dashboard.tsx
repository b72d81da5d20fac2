/** An Ink program of one's own that shows a dashboard's tasks with the parts of taskglass. */
import { render } from 'ink';
import { DashboardStateEmitter } from 'taskglass/dashboard-state';
import { TaskList, useDashboardStore } from 'taskglass/react';

// Whatever tells of states feeds the store: here an emitter in the same process, elsewhere a socket.
const emitter = new DashboardStateEmitter({
  onStateChange: (state) => useDashboardStore.getState().setFullState(state),
});

const app = render(<TaskList empty="nothing to do" onCancel={(taskId) => emitter.cancelTask(taskId)} />);

emitter.startTask('pack', 'Pack the release', ['collect', 'compress', 'sign']);
for (const step of [0, 1, 2]) {
  for (const percent of [0, 50, 100]) {
    emitter.updateTaskStep('pack', step, 'running', percent);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  emitter.updateTaskStep('pack', step, 'completed');
}
emitter.completeTask('pack');
await emitter.close();

app.unmount();
await app.waitUntilExit();
