/** What calibration found as a page of the documentation: a table and a curve for each thing that has a threshold. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { PackCalibration } from '../../../electron/engine/models/calibration.ts';
import type { AbstentionReport } from './answers.ts';
import { chart } from './chart.ts';
import type { CaptionsReport, MeaningReport, PlacesReport } from './calibrate.ts';
import type { ReadingReport } from './reading.ts';

/** All that a page tells. */
export interface Findings {
  readonly pack: string;
  readonly photographs: { readonly fitted: number; readonly told: number };
  readonly captions: CaptionsReport | null;
  readonly sameMeaning: MeaningReport;
  readonly sameAnswer: MeaningReport;
  readonly answers: Readonly<Record<string, AbstentionReport>> | null;
  readonly places: PlacesReport | null;
  readonly reading: ReadingReport | null;
  readonly calibration: PackCalibration;
}

const perCent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** The page, Markdown. */
export function pageOf(found: Findings): string {
  const { answers, captions, places, reading, sameMeaning, sameAnswer, calibration } = found;
  const parts = [
    `# Trust and thresholds of ${found.pack}`,
    'Written by `npm run evaluate -- --data DIR calibration --report docs/calibration`; ' +
      '[evaluation.md](../evaluation.md) says how it is counted. ' +
      `Fitted on ${found.photographs.fitted} held-out photographs of Flickr8k's \`val\`; ` +
      `every figure is of ${found.photographs.told} others.`,
  ];
  if (answers) {
    const kinds = Object.entries(answers);
    parts.push(
      '## Answers',
      '![Coverage against accuracy](abstention.svg)',
      'The dots are the thresholds in use. Questions about something that is not in the picture count as wrong when they are answered.',
      table(
        ['questions', 'asked', 'right if all are answered', 'answered from', 'answered', 'of these, right'],
        kinds.map(([kind, { questions, accuracyOfAll, coverage, accuracy }]) => [
          kind,
          questions,
          perCent(accuracyOfAll),
          calibration.answers.kinds[kind]?.abstainBelow ?? '–',
          perCent(coverage),
          perCent(accuracy),
        ]),
      ),
      'Of the questions about something that is not there, answered all the same: ' +
        kinds
          .filter(([, { unanswerable }]) => unanswerable > 0)
          .map(([kind, report]) => `${kind} ${report.unanswerableAnswered} of ${report.unanswerable}`)
          .join(', ') +
        '.',
      table(
        ['confidence', 'answered', 'of these, right'],
        (answers['all']?.curve ?? [])
          .filter((_, at) => at % 2 === 0)
          .map(({ from, answered, of, accuracy }) => [
            from.toFixed(1),
            perCent(answered / of),
            perCent(accuracy),
          ]),
      ),
    );
  }
  if (places) {
    parts.push(
      '## Places',
      '![Present against absent](places.svg)',
      `${places.there} classes that YOLOX-nano finds in a photograph, and ${places.notThere} that it does not and no ` +
        `caption names, drawn from the same classes. Area under the curve ${places.area}. From ${places.presentFrom} on a ` +
        `thing is taken to be there: ${perCent(places.hits)} of those that are, ${perCent(places.falseAlarms)} of those ` +
        'that are not.',
      table(
        ['probability', 'present, found', 'absent, said to be there'],
        places.curve
          .filter((_, at) => at % 2 === 0)
          .map(({ from, hits, falseAlarms }) => [from.toFixed(1), perCent(hits), perCent(falseAlarms)]),
      ),
    );
  }
  if (captions) {
    parts.push(
      '## Confidence of captions',
      `Mean confidence ${perCent(captions.confidence)}; share of words of meaning that people used too ` +
        `${perCent(captions.right)}. Expected calibration error ${captions.calibrationError}, ` +
        `${captions.withoutFit} with the decoder at its word (${captions.told} captions).`,
    );
  }
  if (reading) {
    const { captions: written, names } = reading;
    parts.push(
      '## Search: the second look',
      `The decoder's reading of a query counts ${reading.calibration.weight} for a unit of log probability, less where its ` +
        `mean a token is below ${reading.calibration.plausibleFrom}. Each query is asked among as many pictures as there ` +
        'are queries of its kind.',
      table(
        ['queries', 'R@1 before', 'R@1 after', 'R@10 before', 'R@10 after'],
        [
          { name: `${written.queries} captions`, ...written },
          { name: `${names.queries} ImageNet class names`, ...names },
        ].map(({ name, without, with: read }) => [
          name,
          perCent(without.r1),
          perCent(read.r1),
          perCent(without.r10),
          perCent(read.r10),
        ]),
      ),
    );
  }
  parts.push(
    '## Texts that mean the same',
    table(
      ['pairs', 'cosine from', 'area', 'joined of the same', 'joined of different'],
      [
        { name: 'captions', ...sameMeaning },
        { name: 'answers', ...sameAnswer },
      ].map(({ name, from, area, joinedOfSame, joinedOfDifferent }) => [
        name,
        from,
        area,
        perCent(joinedOfSame),
        perCent(joinedOfDifferent),
      ]),
    ),
    table(
      ['cosine', 'captions: same', 'captions: different', 'answers: same', 'answers: different'],
      sameMeaning.curve.map(({ from, hits, falseAlarms }, at) => [
        from,
        perCent(hits),
        perCent(falseAlarms),
        perCent(sameAnswer.curve[at]?.hits ?? null),
        perCent(sameAnswer.curve[at]?.falseAlarms ?? null),
      ]),
    ),
  );
  return `${parts.join('\n\n')}\n`;
}

/** Writes the page with its pictures into a folder: `README.md`, `abstention.svg`, `places.svg`. */
export function writeReport(folder: string, found: Findings): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'README.md'), pageOf(found));
  if (found.answers) {
    const lines = Object.entries(found.answers).map(([name, { curve, coverage, accuracy }]) => ({
      name,
      points: curve.flatMap(({ answered, of, accuracy: share }) =>
        // A handful of answers says nothing about a share.
        share === null || answered < 10 ? [] : [[answered / of, share] as const],
      ),
      mark: [coverage, accuracy] as const,
    }));
    const title = 'Answers: coverage against accuracy';
    writeFileSync(
      path.join(folder, 'abstention.svg'),
      chart(title, 'questions answered', 'of these, right', lines),
    );
  }
  if (found.places) {
    const { curve, falseAlarms, hits } = found.places;
    const line = {
      name: 'places',
      points: curve.map((point) => [point.falseAlarms, point.hits] as const),
      mark: [falseAlarms, hits] as const,
    };
    const title = 'Places: present against absent classes';
    writeFileSync(
      path.join(folder, 'places.svg'),
      chart(title, 'absent, said to be there', 'present, found', [line]),
    );
  }
}
