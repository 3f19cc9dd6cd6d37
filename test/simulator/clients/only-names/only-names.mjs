/**
 * The network of a process: names that lead to ports of this machine, and nothing else.
 * Imported before the program (`--import`). ONLY_NAMES is a JSON object of ports by name; every name
 * that is asked for is written to the file NAMES_ASKED.
 */
import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';

const ports = JSON.parse(process.env.ONLY_NAMES);
const connect = Socket.prototype.connect;

Socket.prototype.connect = function connectOnly(...given) {
  // Node passes its own arguments on as one array of options and listener.
  const [options, listener] = Array.isArray(given[0]) ? given[0] : given;
  const { host: name } = options;
  appendFileSync(process.env.NAMES_ASKED, `${name}\n`);
  if (!Object.hasOwn(ports, name)) {
    const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
    process.nextTick(() => this.destroy(error));
    return this;
  }
  return connect.call(this, { ...options, host: '127.0.0.1', port: ports[name] }, listener);
};
