import type { INotation } from '../../components/json';
import { formatJson, quoteString } from '../../components/json';

/**
 * A prediction request that a program sends; without a token, the program takes it from its environment.
 */
export interface IRequest {
  url: string;
  token: string | null;
  payload: unknown;
}

/**
 * The environment variable that holds the token of which the page does not know the value.
 */
export const TOKEN_VARIABLE = 'MLOPS_TOKEN';

const PYTHON: INotation = {
  true: 'True',
  false: 'False',
  null: 'None',
  indent: '    '
};

// Linux takes 128 KiB for one argument, and a character has up to 3 bytes
const LONGEST_ARGUMENT = 40_000;

/**
 * The request as a command for sh, bash and zsh.
 */
export function curlSnippet({ url, token, payload }: IRequest): string {
  const authorization =
    token === null
      ? `"Authorization: Bearer $${TOKEN_VARIABLE}"`
      : quoteShell(`Authorization: Bearer ${token}`);
  const body = withoutShellCharacters(formatJson(payload));
  const command = [
    `curl -sS ${quoteShell(url)}`,
    `-H ${authorization}`,
    "-H 'Content-Type: application/json'"
  ].join(' \\\n  ');
  return body.length > LONGEST_ARGUMENT
    ? `${command} \\\n  --data-binary @- <<'JSON'\n${body}\nJSON\n`
    : `${command} \\\n  -d '${body}'\n`;
}

/**
 * The request as a Python program that needs the standard library only.
 *
 * It has no indented block, so that it can be pasted into Python's prompt too.
 */
export function pythonSnippet({ url, token, payload }: IRequest): string {
  const authorization =
    token === null
      ? `"Bearer " + os.environ["${TOKEN_VARIABLE}"]`
      : quoteString(`Bearer ${token}`);
  const modules = ['json', ...(token === null ? ['os'] : []), 'urllib.request'];
  return `${modules.map(name => `import ${name}`).join('\n')}

payload = ${formatJson(payload, PYTHON)}
request = urllib.request.Request(
    ${quoteString(url)},
    data=json.dumps(payload).encode(),
    headers={
        "Authorization": ${authorization},
        "Content-Type": "application/json",
    },
)
response = urllib.request.urlopen(request)
print(json.load(response))
`;
}

/**
 * One word for the shell, whatever is in the text.
 */
export function quoteShell(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * The same JSON without what ends a quoted text in a shell (') and without what a prompt replaces even in quotes (!).
 *
 * Both stand in JSON's strings only, and there they can be escaped.
 */
function withoutShellCharacters(json: string): string {
  return json.replaceAll("'", '\\u0027').replaceAll('!', '\\u0021');
}
