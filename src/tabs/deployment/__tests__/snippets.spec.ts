import { execFileSync } from 'node:child_process';

import { quoteString } from '../../../components/json';
import type { IRequest } from '../snippets';
import { curlSnippet, pythonSnippet, quoteShell } from '../snippets';

const URL = 'http://127.0.0.1:8081/serve/iris/invocations';

// says what it was called with, and what it read
const FAKE_CURL = `curl() {
  printf '%s\\0' "$@"
  for last; do :; done
  if [ "$last" = @- ]; then cat; fi
}`;

const FAKE_URLOPEN = `
import io, json as j, urllib.request as u
def urlopen(r):
    sent = {"url": r.full_url, "method": r.get_method(), "headers": r.headers, "body": r.data.decode()}
    return io.BytesIO(j.dumps(sent).encode())
u.urlopen = urlopen
`;

const PAYLOADS: [string, unknown][] = [
  ['a table', { dataframe_split: { columns: ['a b', 'c'], data: [[1, 2.5]] } }],
  ['single quotes', { instances: [["it's", "''", "'; echo ruined; '"]] }],
  ['double quotes and backslashes', { instances: [['"', '\\', '\\"', '\\n']] }],
  [
    'what a shell expands',
    { instances: [['$HOME', '`ls`', '$(ls)', '!!', '*']] }
  ],
  ['line ends and control characters', { a: '\n\r\t\u0000\u001b\u007f\u0085' }],
  ['line ends of JavaScript', { a: '\u2028\u2029\ufeff' }],
  ['Korean, letters and emoji', { '키 이름': ['한글', '한글', '🎈é'] }],
  ['half an emoji', { a: '\ud83c' }],
  ['what looks like a file', '@/etc/hostname'],
  ['what looks like the end', { a: 'JSON\nJSON', JSON: '\nJSON\n' }],
  [
    'what looks like Python',
    { a: "'''", b: '"""', c: '{x}', d: '%s', e: 'r""' }
  ],
  ['constants', { a: [true, false, null], b: {}, c: [] }],
  [
    'numbers',
    [0, -1.5, 1e21, 1.7976931348623157e308, 5e-324, 9007199254740991]
  ],
  ['a wide row', { instances: [Array.from({ length: 784 }, (_, i) => i / 3)] }],
  ['an image', { instances: [Array.from({ length: 12_000 }, (_, i) => i / 7)] }]
];

function request(payload: unknown, token: string | null = 'to-k_en'): IRequest {
  return { url: URL, token, payload };
}

function runShell(shell: string, script: string, env = {}): string[] {
  const output = execFileSync(shell, {
    input: `${FAKE_CURL}\n${script}`,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
    timeout: 20_000
  });
  return output.split('\0');
}

/**
 * Prints the answer as JSON, not as Python has it.
 */
function patched(script: string): string {
  return script.replace(
    'print(json.load(response))',
    'print(response.read().decode())'
  );
}

function runPython(script: string, env = {}): Record<string, unknown> {
  const output = execFileSync('python3', ['-X', 'utf8', '-'], {
    input: `${FAKE_URLOPEN}${script}`,
    env: { PATH: process.env.PATH, ...env },
    encoding: 'utf8',
    timeout: 20_000
  });
  return JSON.parse(output);
}

describe.each(['sh', 'bash'])('curlSnippet in %s', shell => {
  it.each(PAYLOADS)('sends %s', (_, payload) => {
    const args = runShell(shell, curlSnippet(request(payload)));
    const [body] = args.splice(args[6] === '-d' ? 7 : 8, 1);
    expect(JSON.parse(body)).toEqual(payload);
    expect(args.slice(0, 6)).toEqual([
      '-sS',
      URL,
      '-H',
      'Authorization: Bearer to-k_en',
      '-H',
      'Content-Type: application/json'
    ]);
  });

  it('reads the token from the environment', () => {
    const script = curlSnippet(request([1], null));
    const args = runShell(shell, script, { MLOPS_TOKEN: "s'3 $x" });
    expect(args[3]).toBe("Authorization: Bearer s'3 $x");
  });

  it.each(["'", "''", "a'b", '', ' ', '\\', '"$x"', '한글\n', '-n'])(
    'takes %j for one word',
    text => {
      const script = `printf '%s\\0' x${quoteShell(text)}`;
      expect(runShell(shell, script)).toEqual([`x${text}`, '']);
    }
  );
});

describe('curlSnippet', () => {
  it('reads well', () => {
    const payload = { instances: [["it's", '한글']] };
    expect(curlSnippet(request(payload))).toBe(
      [
        `curl -sS '${URL}' \\`,
        "  -H 'Authorization: Bearer to-k_en' \\",
        "  -H 'Content-Type: application/json' \\",
        '  -d \'{"instances": [["it\\u0027s", "한글"]]}\'\n'
      ].join('\n')
    );
  });

  it('has no line that a terminal would cut', () => {
    for (const [, payload] of PAYLOADS) {
      const lines = curlSnippet(request(payload)).split('\n');
      expect(Math.max(...lines.map(line => line.length))).toBeLessThan(200);
    }
  });

  it('has nothing that a prompt would replace', () => {
    const script = curlSnippet(request({ a: 'wow!' }));
    expect(script).not.toContain('!');
  });
});

describe('pythonSnippet', () => {
  it.each(PAYLOADS)('sends %s', (_, payload) => {
    const sent = runPython(patched(pythonSnippet(request(payload))));
    expect(JSON.parse(String(sent.body))).toEqual(payload);
    expect(sent).toMatchObject({
      url: URL,
      method: 'POST',
      headers: {
        Authorization: 'Bearer to-k_en',
        'Content-type': 'application/json'
      }
    });
  });

  it('reads the token from the environment', () => {
    const script = patched(pythonSnippet(request([1], null)));
    const sent = runPython(script, { MLOPS_TOKEN: 'secret' });
    expect(sent.headers).toMatchObject({ Authorization: 'Bearer secret' });
  });

  // a prompt compiles all that it has so far after each line: the image would take minutes
  it.each(PAYLOADS.slice(0, -1))(
    'can be pasted into the prompt with %s',
    (_, payload) => {
      const source = pythonSnippet(request(payload));
      const sent = runPython(`
import code
console = code.InteractiveConsole(globals())
for line in ${quoteString(patched(source))}.split("\\n"):
    console.push(line)
`);
      expect(JSON.parse(String(sent.body))).toEqual(payload);
    }
  );

  it('reads well', () => {
    const payload = { instances: [[1, true, null, "it's"]] };
    expect(pythonSnippet(request(payload, null))).toBe(`import json
import os
import urllib.request

payload = {"instances": [[1, True, None, "it's"]]}
request = urllib.request.Request(
    "${URL}",
    data=json.dumps(payload).encode(),
    headers={
        "Authorization": "Bearer " + os.environ["MLOPS_TOKEN"],
        "Content-Type": "application/json",
    },
)
response = urllib.request.urlopen(request)
print(json.load(response))
`);
  });
});
