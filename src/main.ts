import { runCli } from './cli/program.ts';

// Set before any AWS client is made: the SDK prints a warning about the Node version per client.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

process.exitCode = await runCli(process.argv);
