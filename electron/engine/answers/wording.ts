/** How an answer is said to a person: as a short phrase, no surer than it is. Pure; English, as the packs are. */
import { missingCase } from '../errors.ts';
import type { QuestionKind } from './question.ts';

/** From here on an answer stands by itself; below it is likely, or only possible. */
const SURE = 0.7;
const LIKELY = 0.45;

const wordSet = (words: string): ReadonlySet<string> => new Set(words.split(' '));
/** Places that one is on, and at; in all others. */
const ON = wordSet(
  'street grass road sidewalk beach field sand bench couch bed court stage track bike bicycle horse rocks rock wall fence ' +
    'hill mountain stairs snow skateboard surfboard table floor ground sofa chair ice dock bridge swing ramp',
);
const AT = wordSet('table desk party window');
/** Things that are not counted: they go without an article. */
const MASSES = wordSet(
  'grass snow water sand dirt mud food clothing hair ice air rain bread fruit jewelry makeup baseball basketball football ' +
    'soccer tennis hockey volleyball golf frisbee',
);
const NOT_SINGLE = /(?:[^s]s|men|women|children|people|teeth|feet)$/;

const withArticle = (thing: string): string => {
  const [first = ''] = thing.split(' ');
  const last = thing.split(' ').at(-1) ?? '';
  if (/^(?:a|an|the|his|her|their|its|some|no|one|two|three|four|five|six|many)$/.test(first)) return thing;
  if (MASSES.has(last) || NOT_SINGLE.test(last) || /ing$/.test(last)) return thing;
  return `${/^[aeiou]/.test(thing) ? 'an' : 'a'} ${thing}`;
};

function phrase(kind: QuestionKind, answer: string): string {
  switch (kind) {
    case 'where': {
      if (/^(?:in|on|at|near|under|behind|outside|inside) ?/.test(answer)) return answer;
      const last = answer.split(' ').at(-1) ?? '';
      const preposition = ON.has(last) ? 'on' : AT.has(last) ? 'at' : 'in';
      return `${preposition} ${/^(?:a|an|the) /.test(answer) ? '' : 'the '}${answer}`;
    }
    case 'who':
    case 'what':
      return withArticle(answer);
    case 'presence':
    case 'yes-no':
    case 'choice':
    case 'count':
    case 'colour':
    case 'doing':
    case 'when':
      return answer;
    default:
      return missingCase(kind);
  }
}

/** "Probably on the grass", "Two", "Perhaps not". Times are said as they are. */
export function sayAnswer(kind: QuestionKind, answer: string, confidence: number): string {
  const doubted = (kind === 'presence' || kind === 'yes-no') && answer === 'no' && confidence < SURE;
  const said = doubted ? 'not' : phrase(kind, answer);
  const hedge = kind === 'when' || confidence >= SURE ? '' : confidence >= LIKELY ? 'probably ' : 'perhaps ';
  const whole = `${hedge}${said}`;
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}
