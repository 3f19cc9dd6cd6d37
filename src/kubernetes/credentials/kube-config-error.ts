/** What is wrong with the kubeconfig, and where: only the person who wrote it can mend it. */
export class KubeConfigError extends Error {
  constructor(message: string) {
    super(`Kubernetes: ${message}`);
    this.name = 'KubeConfigError';
  }
}
