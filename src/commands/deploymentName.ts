const LONGEST = 63;

/**
 * The name that the server gives to a deployment of the model; empty where it can make none.
 */
export function defaultName(model: string): string {
  const name = model.toLowerCase().replace(/[^a-z0-9._-]+/g, '-');
  return name.replace(/^[-._]+|[-._]+$/g, '').slice(0, LONGEST);
}
