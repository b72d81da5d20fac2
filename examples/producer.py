#!/usr/bin/env python3
"""Publishes a task from Python with nothing but the standard library, and obeys `taskglass send cancel`.

Watch it with `taskglass state.json` in the same directory. Two rules make it safe to watch:
write the whole state to another file and rename it into place; delete a command file once it was obeyed.
"""
import hashlib
import json
import os
import pathlib
import time

STATE = pathlib.Path("state.json")
COMMANDS = pathlib.Path("state.json.commands")
STEPS = ["Make the data", "Hash it", "Check the hash"]


def now():
    return int(time.time() * 1000)


task = {
    "taskId": "hash-1",
    "taskName": "Hash from Python",
    "status": "running",
    "currentStep": 0,
    "totalSteps": len(STEPS),
    "steps": [{"index": i, "name": name, "status": "pending"} for i, name in enumerate(STEPS)],
    "startedAt": now(),
}


def publish():
    state = {"version": 1, "timestamp": now(), "widgets": {}, "errors": {}, "activeTasks": [task],
             "loading": {"isLoading": False, "loadingAgents": []}}
    fresh = STATE.with_suffix(".tmp")
    fresh.write_text(json.dumps(state))
    os.replace(fresh, STATE)


def begin(index):
    for step in task["steps"][:index]:
        if step["status"] == "running":
            step.update(status="completed", completedAt=now())
    task["steps"][index].update(status="running", startedAt=now())
    task["currentStep"] = index
    publish()


def progress(percent):
    task["steps"][task["currentStep"]]["progress"] = percent
    publish()
    return not is_cancelled()


def is_cancelled():
    for path in sorted(COMMANDS.glob("*.json")) if COMMANDS.is_dir() else []:
        command = json.loads(path.read_text())
        path.unlink()
        if command["taskId"] == task["taskId"] and command["command"] == "cancel":
            return True
    return False


def end(status, **facts):
    if status == "completed":
        for step in task["steps"]:
            step.update(status="completed", completedAt=now())
    task.update(status=status, completedAt=now(), **facts)
    publish()


def main():
    begin(0)
    blocks = []
    for percent in range(0, 101, 20):
        blocks.append(os.urandom(200_000))
        if not progress(percent):
            return end("cancelled")
    begin(1)
    digest = hashlib.sha256()
    for number, block in enumerate(blocks, 1):
        digest.update(block)
        if not progress(100 * number // len(blocks)):
            return end("cancelled")
    begin(2)
    if hashlib.sha256(b"".join(blocks)).digest() != digest.digest():
        return end("failed", error="the hashes differ")
    return end("completed")


main()
print("state.json says:", json.loads(STATE.read_text())["activeTasks"][0]["status"])
