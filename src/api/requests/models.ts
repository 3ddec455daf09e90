import type { IPageQuery } from '../queries';
import { page } from '../queries';
import type { Send } from '../request';
import type * as api from '../types';

/**
 * Registered models.
 */
export const modelRequests = (send: Send) => ({
  models(query: IPageQuery = {}): Promise<api.RegisteredModelPage> {
    return send('get', 'models', [], { query: page(query) });
  },

  model(name: string): Promise<api.RegisteredModelDetail> {
    return send('get', 'models/{name}', [name]);
  },

  registerModel(
    name: string,
    body: Partial<api.ModelVersionCreate>
  ): Promise<api.ModelVersion> {
    return send('post', 'models/{name}/versions', [name], { body });
  },

  modelVersion(name: string, version: number): Promise<api.ModelVersion> {
    return send('get', 'models/{name}/versions/{version}', [name, version]);
  },

  setAlias(
    name: string,
    alias: string,
    version: number
  ): Promise<api.RegisteredModel> {
    return send('put', 'models/{name}/aliases/{alias}', [name, alias], {
      body: { version }
    });
  },

  aliasChanges(name: string): Promise<api.AliasHistory> {
    return send('get', 'models/{name}/alias-changes', [name]);
  }
});
