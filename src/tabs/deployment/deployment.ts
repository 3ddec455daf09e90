import type { MLOpsClient } from '../../api/client';
import { isNotFound } from '../../api/request';
import type { Deployment } from '../../api/types';
import { useCollection } from '../../hooks/collection';
import { useMLOps } from '../../hooks/context';
import type { IRequest } from '../../hooks/request';
import { useRequest } from '../../hooks/request';

/**
 * A deployment, or that there is none of this name.
 */
export interface IDeploymentRequest extends IRequest<Deployment> {
  isGone: boolean;
}

/**
 * The deployment as the list has it. Where the list lacks it, the server is asked: the list may be older than it.
 */
export function useDeployment(name: string): IDeploymentRequest {
  const { mlops } = useMLOps();
  const list = useCollection(mlops.deployments);
  const listed = list.items.find(item => item.name === name) ?? null;
  const request = useRequest(
    async () => listed ?? (await find(mlops.client, name)),
    [name, listed]
  );
  if (listed === null) {
    const isGone = request.phase === 'ready' && request.data === null;
    return { ...request, isGone };
  }
  const { phase, error } = list;
  const retry = () => void list.refresh();
  return { phase, data: listed, error, retry, isGone: false };
}

async function find(
  client: MLOpsClient,
  name: string
): Promise<Deployment | null> {
  try {
    return await client.deployment(name);
  } catch (reason) {
    if (isNotFound(reason)) {
      return null;
    }
    throw reason;
  }
}
