import { defaultName } from '../deploymentName';

describe('defaultName', () => {
  // the first four are in the server's own test too
  it.each([
    ['Iris Classifier', 'iris-classifier'],
    ['a.b_c-1', 'a.b_c-1'],
    ['모델 v2', 'v2'],
    ['-x-'.repeat(40), 'x--'.repeat(40).slice(0, 63)],
    ['churn (v2)', 'churn-v2'],
    ['_.a', 'a'],
    ['이탈 예측', '']
  ])('of %j is %j', (model, name) => {
    expect(defaultName(model)).toBe(name);
  });
});
