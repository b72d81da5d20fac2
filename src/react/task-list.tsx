import { Box } from 'ink';
import { plainName } from '../model/text.ts';
import { useActiveTasks } from './hooks.ts';
import { TaskProgressCard, type TaskProgressCardProps } from './task-progress-card.tsx';
import { Words } from './words.tsx';

export interface TaskListProps extends Omit<TaskProgressCardProps, 'task'> {
  /** What to show while there is no task. */
  readonly empty?: string;
}

/** Shows a card for each task in the dashboard store. */
export function TaskList({ empty = 'no tasks', ...card }: TaskListProps) {
  const tasks = useActiveTasks();
  if (tasks.length === 0) return <Words dimColor>{plainName(empty)}</Words>;
  return (
    <Box flexDirection="column" rowGap={1}>
      {tasks.map((task) => (
        <TaskProgressCard key={task.taskId} task={task} {...card} />
      ))}
    </Box>
  );
}
