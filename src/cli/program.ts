import { basename } from 'node:path';
import { Command, CommanderError, Help, type Option } from 'commander';
import type { OperatorConfig } from '../operator/operator-config.ts';
import { createLogger } from '../telemetry/logger.ts';
import { mappedStack } from '../runtime/mapped-stack.ts';
import { onAbort } from '../runtime/on-abort.ts';
import { scrub } from '../telemetry/redaction.ts';
import { addApplyCommand, addDeleteCommand } from './commands/apply-command.ts';
import { addClientsCommand } from './commands/clients-command.ts';
import type { SetExitCode } from './exit-code.ts';
import { addExplainAccessCommand, addPolicyCommand } from './commands/notebook-commands.ts';
import { isSystemError, systemErrorWords, UserError } from '../runtime/user-error.ts';
import { addOperatorOptions } from './operator-options.ts';
import { addPlanCommand } from './commands/plan-command.ts';
import { Interrupted, shutdownSignal } from './signals.ts';
import { addPruneCommand } from './commands/prune-command.ts';
import { addStatusCommand } from './commands/status-command.ts';
import { addSimulateAwsCommand } from './commands/simulate-aws-command.ts';
import { addDoctorCommand } from './doctor/doctor-command.ts';
import { addImportCommand } from './commands/import-command.ts';
import { addCompletionCommand } from './commands/completion-command.ts';
import { addGraphCommand } from './commands/graph-command.ts';
import { addTraceCommand } from './commands/trace-command.ts';
import { addVerifyCommand } from './verify/verify-command.ts';
import { version } from './version.ts';

/**
 * Runs the command line.
 *
 * @returns the exit code
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0;
  endWithReader();
  const program = createProgram(nameOf(argv[1]), (code) => {
    exitCode = code;
  });
  // The clocks' own timers let a process end that has nothing else to do; a command has.
  const keepAlive = setInterval(() => undefined, 60_000);
  try {
    await program.parseAsync([...argv]);
    return exitCode;
  } catch (error) {
    return exitCodeOf(error);
  } finally {
    clearInterval(keepAlive);
  }
}

/** kubectl runs a program of that name as its plugin. */
const pluginFile = 'kubectl-smpl';

/** The program as its user calls it, for the help. */
function nameOf(file = ''): string {
  return basename(file) === pluginFile ? 'kubectl smpl' : 'sagemaker-privatelink';
}

/** The whole command line; tests and the docs read it. */
function createProgram(name: string, setExitCode: SetExitCode): Command {
  const program = new Command(name)
    .description('The private network path to Amazon SageMaker, as one Kubernetes resource.')
    .version(version)
    .showHelpAfterError('(--help lists the options)')
    .configureHelp({ optionDescription: descriptionOf })
    .exitOverride();
  addOperatorCommand(program, setExitCode);
  addPlanCommand(program, setExitCode);
  addApplyCommand(program, setExitCode);
  addDeleteCommand(program, setExitCode);
  addPolicyCommand(program);
  addExplainAccessCommand(program, setExitCode);
  addClientsCommand(program, setExitCode);
  addImportCommand(program, setExitCode);
  addStatusCommand(program, setExitCode);
  addTraceCommand(program, setExitCode);
  addGraphCommand(program);
  addDoctorCommand(program, setExitCode);
  addVerifyCommand(program, setExitCode);
  addPruneCommand(program, setExitCode);
  addSimulateAwsCommand(program);
  addCompletionCommand(program);
  return program;
}

/** A flag that may be repeated begins with nothing, and a switch is off: neither is a value to give. */
function descriptionOf(option: Option): string {
  const { defaultValue } = option;
  const isOff = defaultValue === false;
  const isNothing =
    typeof defaultValue === 'object' && Object.keys(defaultValue ?? {}).length === 0;
  const plain = Object.assign(Object.create(option), { defaultValue: undefined });
  return new Help().optionDescription(isOff || isNothing ? plain : option);
}

function addOperatorCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('operator')
    .description('run the operator against a Kubernetes cluster');
  addOperatorOptions(command).action(async (config: OperatorConfig) => {
    // Commands load what they need when they run: the operator has no use for a YAML parser.
    const { createOperator } = await import('../operator/operator.ts');
    const logger = createLogger({ level: config.logLevel });
    logger.info({ version, node: process.version }, 'operator starts');
    const operator = createOperator(config, { logger, environment: process.env });
    const shutdown = shutdownSignal();
    onAbort(shutdown, () => operator.drain(shutdown.reason));
    setExitCode(await operator.run());
    logger.info({}, 'operator ends');
  });
}

/** Says what went wrong; a stack only where it is our fault. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof Interrupted) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof UserError) {
    return fail(error.message);
  }
  // A port, a file or a pipe that the system does not give is no fault of the program.
  if (isSystemError(error)) return fail(systemErrorWords(error));
  if (!(error instanceof Error)) return fail(String(error));
  return fail(mappedStack(error.stack ?? error.message));
}

function fail(text: string): number {
  process.stderr.write(`error: ${scrub(text)}\n`);
  return 1;
}

/** 128 plus SIGPIPE: Node ignores the signal with which other programs end. */
const pipeClosed = 141;

/**
 * Ends the process where its output goes nowhere: quietly when whoever reads it has gone, as `head`
 * does, with a word when it can't be written, as on a full disk.
 */
function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(pipeClosed);
      if (stream === process.stdout) {
        process.exit(fail(`the output can't be written: ${error.message}`));
      }
      process.exit(1);
    });
  }
}
