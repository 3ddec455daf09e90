import type { Send } from '../request';
import type * as api from '../types';

/**
 * Deployments.
 */
export const deploymentRequests = (send: Send) => ({
  deployments(): Promise<api.DeploymentPage> {
    return send('get', 'deployments', []);
  },

  deployment(name: string): Promise<api.Deployment> {
    return send('get', 'deployments/{name}', [name]);
  },

  deploy(
    body: Partial<api.DeploymentCreate> & { model_name: string }
  ): Promise<api.DeploymentCreated> {
    return send('post', 'deployments', [], { body });
  },

  deleteDeployment(name: string): Promise<void> {
    return send('delete', 'deployments/{name}', [name]);
  },

  stopDeployment(name: string): Promise<api.Deployment> {
    return send('post', 'deployments/{name}/stop', [name]);
  },

  startDeployment(name: string): Promise<api.Deployment> {
    return send('post', 'deployments/{name}/start', [name]);
  },

  rollBack(name: string): Promise<api.Deployment> {
    return send('post', 'deployments/{name}/rollback', [name]);
  },

  renewToken(name: string): Promise<api.DeploymentToken> {
    return send('post', 'deployments/{name}/token', [name]);
  },

  predict(name: string, payload: unknown): Promise<api.Prediction> {
    return send('post', 'deployments/{name}/predict', [name], {
      body: { payload }
    });
  },

  deploymentExample(name: string): Promise<api.DeploymentExample> {
    return send('get', 'deployments/{name}/example', [name]);
  },

  deploymentLog(name: string, tail?: number): Promise<api.DeploymentLog> {
    return send('get', 'deployments/{name}/log', [name], {
      query: { tail }
    });
  }
});
