/** As it is written in a URL: `192.0.2.1:443`, `[2001:db8::1]:443`. */
export function hostAndPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
