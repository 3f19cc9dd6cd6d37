import { join } from 'node:path';
import {
  type ApiRequest,
  type ApiResponse,
  type ApiServerAddress,
  requestApi,
} from './api-server-request.ts';
import { CONTROL_PLANE_FILES, writeKubeconfig } from './control-plane-files.ts';

/** How to act as a service account. */
export interface ServiceAccountAccess {
  readonly kubeconfig: string;
  readonly token: string;
}

export interface ServiceAccountOptions {
  /** How long the token is good for; Kubernetes issues none for less than ten minutes. */
  readonly expirationSeconds?: number;
}

/** What a test needs to know to reach an API server: plain data, fit for another process. */
export interface ApiServerCoordinates extends ApiServerAddress {
  readonly adminToken: string;
  /** A scratch folder that goes away with the server. */
  readonly folder: string;
}

/** An administrator's access to an API server. */
export class ApiServerAccess implements ApiServerCoordinates {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly adminToken: string;
  readonly folder: string;
  /** Path of a kubeconfig whose user is in `system:masters`. */
  readonly kubeconfig: string;
  /** Path of the audit log, JSON lines; empty unless `audit` was asked for. */
  readonly auditLog: string;

  constructor(coordinates: ApiServerCoordinates) {
    this.url = coordinates.url;
    this.certificateAuthority = coordinates.certificateAuthority;
    this.adminToken = coordinates.adminToken;
    this.folder = coordinates.folder;
    this.kubeconfig = join(coordinates.folder, CONTROL_PLANE_FILES.adminKubeconfig);
    this.auditLog = join(coordinates.folder, CONTROL_PLANE_FILES.auditLog);
  }

  /** A raw request as administrator, or with another `token`. */
  async request(request: Omit<ApiRequest, 'token'> & { token?: string }): Promise<ApiResponse> {
    return requestApi(this, { token: this.adminToken, ...request });
  }

  /**
   * Has the API server issue a token for a service account (the TokenRequest API, as the kubelet
   * does for a pod) and writes a kubeconfig with it. Throws when there is no such service account.
   */
  async kubeconfigForServiceAccount(
    namespace: string,
    name: string,
    options: ServiceAccountOptions = {},
  ): Promise<ServiceAccountAccess> {
    const response = await this.request({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: options.expirationSeconds ?? 3600 },
      },
    });
    if (response.status !== 201) {
      throw new Error(`No token for ${namespace}/${name}: ${JSON.stringify(response.body)}`);
    }
    const { token } = (response.body as { status: { token: string } }).status;
    const kubeconfig = join(this.folder, `${namespace}.${name}.${Date.now()}.kubeconfig`);
    await writeKubeconfig(kubeconfig, this, { token, namespace });
    return { kubeconfig, token };
  }
}
