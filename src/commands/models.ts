import type { MLOpsClient } from '../api/client';
import type { RegisteredModel, RegisteredModelPage } from '../api/types';

const LARGEST_PAGE = 1000;

/**
 * All registered models, page by page: a dialog that leaves some out would take another for the one that is meant.
 */
export async function allModels(
  client: MLOpsClient
): Promise<RegisteredModel[]> {
  const models: RegisteredModel[] = [];
  let pageToken: string | null = null;
  do {
    const { items, next_token }: RegisteredModelPage = await client.models({
      limit: LARGEST_PAGE,
      pageToken
    });
    models.push(...items);
    pageToken = next_token;
  } while (pageToken !== null);
  return models;
}
