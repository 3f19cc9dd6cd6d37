/** A mistake in the kubeconfig, and its place: only the author can correct it. */
export class KubeConfigError extends Error {
  constructor(message: string) {
    super(`Kubernetes: ${message}`);
    this.name = 'KubeConfigError';
  }
}
