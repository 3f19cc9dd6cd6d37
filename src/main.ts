import { runCli } from './cli/program.ts';
import { mapUncaughtStacks } from './runtime/mapped-stack.ts';

/** How long what has ended may take to close its connections. */
const closingMs = 2_000;

// Set before any AWS client is made: the SDK prints a warning about the Node version per client.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

mapUncaughtStacks();
process.exitCode = await runCli(process.argv);
// Something that was forgotten open must not keep a process alive that nobody can work with.
setTimeout(() => process.exit(), closingMs).unref();
