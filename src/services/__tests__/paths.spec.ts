import { jupyterPath, projectPath } from '../paths';

describe('jupyterPath', () => {
  it.each([
    ['/home/kim', '/home/kim', '실험 1/a.ipynb', '실험 1/a.ipynb'],
    ['/home/kim/churn', '/home/kim', 'a.ipynb', 'churn/a.ipynb'],
    ['/home/kim', '/home/kim/churn', 'churn/a.ipynb', 'a.ipynb'],
    ['/home/kim', '/home/kim/churn', 'churn2/a.ipynb', null],
    ['/home/kim', '/', 'a.ipynb', 'home/kim/a.ipynb'],
    ['/home/kim', '/home/kim', '/tmp/a.ipynb', null]
  ])('of %s in %s: %s is %s', (project, root, path, expected) => {
    expect(jupyterPath({ project, root }, path)).toBe(expected);
  });
});

describe('projectPath', () => {
  it.each([
    ['/home/kim', '/home/kim', '실험 1/a.ipynb', '실험 1/a.ipynb'],
    ['/home/kim/churn', '/home/kim', 'churn/a.ipynb', 'a.ipynb'],
    ['/home/kim', '/home/kim/churn', 'a.ipynb', 'churn/a.ipynb'],
    ['/home/kim/churn', '/home/kim', 'a.ipynb', '/home/kim/a.ipynb'],
    ['/', '/home', 'a.ipynb', 'home/a.ipynb']
  ])('in %s of %s: %s is %s', (project, root, path, expected) => {
    expect(projectPath({ project, root }, path)).toBe(expected);
  });
});
