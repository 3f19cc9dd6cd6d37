/** How a command tells its exit code. */
export type SetExitCode = (code: number) => void;
