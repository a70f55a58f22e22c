import { describe, expect, it } from 'vitest';
import { OneAtATime } from '../../../renderer/src/search/one-at-a-time.ts';

/** Questions in the order in which they were asked; each is answered when the test says so. */
function asked() {
  const questions: string[] = [];
  let answer: () => void = () => undefined;
  const queue = new OneAtATime<string>((question) => {
    questions.push(question);
    return new Promise((resolve) => (answer = resolve));
  });
  const answered = async (): Promise<void> => {
    answer();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { questions, queue, answered };
}

describe('questions typed', () => {
  it('are asked at the first key, without a pause', () => {
    const { questions, queue } = asked();
    queue.ask('d');
    expect(questions).toEqual(['d']);
    expect(queue.outdated).toBe(false);
  });

  it('wait while one is being answered, the newest alone', async () => {
    const { questions, queue, answered } = asked();
    for (const text of ['d', 'do', 'dog', 'dogs']) queue.ask(text);
    expect(queue.outdated).toBe(true);
    await answered();
    expect(questions).toEqual(['d', 'dogs']);
    expect(queue.outdated).toBe(false);
    await answered();
    queue.ask('cat');
    expect(questions).toEqual(['d', 'dogs', 'cat']);
  });

  it('are dropped when the box is emptied', async () => {
    const { questions, queue, answered } = asked();
    queue.ask('d');
    queue.ask('do');
    queue.forget();
    await answered();
    expect(questions).toEqual(['d']);
  });

  it('are settled when the newest has been answered, not before', async () => {
    const { queue, answered } = asked();
    queue.ask('d');
    queue.ask('do');
    let settled = false;
    void queue.settled().then(() => (settled = true));
    await answered();
    expect(settled).toBe(false);
    await answered();
    expect(settled).toBe(true);
    await queue.settled();
  });
});
