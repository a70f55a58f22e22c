/** Words that join things but are none: a phrase ends before them. */
const JOINING = new Set(
  (
    'a an the is are was were be being and or but with without in on at of to from by for over under into onto ' +
    'left right near behind through across along around while as his her its their this that these those there it he she they'
  ).split(' '),
);
const MOVING = /^(?!.*(thing|ring|king|building|clothing|ceiling|morning|evening)$).+ing$/;

/**
 * The things that a caption names, to be clicked: `a brown dog is running on the beach` gives `brown dog`, `beach`.
 * Plain rules, no grammar: joining words and words in -ing end a phrase.
 */
export function phrasesOf(caption: string): string[] {
  const phrases: string[] = [];
  let words: string[] = [];
  const finish = (): void => {
    if (words.length > 0) phrases.push(words.join(' '));
    words = [];
  };
  for (const token of caption.toLowerCase().match(/[\p{L}\p{N}'-]+|[.,;:!?]/gu) ?? []) {
    if (/^[.,;:!?]$/.test(token) || JOINING.has(token) || MOVING.test(token)) finish();
    else words.push(token);
  }
  finish();
  return [...new Set(phrases)];
}
