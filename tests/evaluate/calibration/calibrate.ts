/**
 * How far the pack's words can be trusted, and from where on: fitted on one half of the held-out photographs, told of the
 * other half. With `--write`, what was found goes into the pack's manifest, where the engine reads it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  AT_ITS_WORD,
  trusted,
  type PackCalibration,
  type Trust,
} from '../../../electron/engine/models/calibration.ts';
import { sampleSize, type Evaluation } from '../evaluation.ts';
import { openHeldOut, type IndexedPhotograph } from '../held-out.ts';
import { boxesOf, placesAsked } from '../places.ts';
import { answersReport, fitAnswers } from './answers.ts';
import { answerClaims, captionClaims, placeClaims } from './claims.ts';
import { areaUnder, bestTelling, levelsBetween, tellingCurve } from './curves.ts';
import { calibrationError, fitTrust, type Judged } from './logistic.ts';
import { answerPairs, captionPairs } from './meanings.ts';
import { readingFor } from './reading.ts';
import { writeReport } from './report.ts';

/** Photographs of both halves together. */
const PHOTOGRAPHS = 1000;
/** Photographs of each half whose captions are written: each gives one example, and writing takes longest. */
const CAPTIONED = 200;
/** Photographs of each half in which places are looked for. */
const PLACED = 250;
/** Two clips wrongly taken for one lose what happens in the second; two that are told twice only bore. */
const WRONGLY_JOINED = 2;
/** Two answers wrongly taken for one make a false majority. */
const WRONGLY_POOLED = 5;

const rounded = (value: number): number => Math.round(value * 1000) / 1000;

export async function evaluateCalibration(evaluation: Evaluation): Promise<object> {
  const { engine, photographs } = await openHeldOut(evaluation);
  try {
    const { facts, directory } = await engine.pack();
    const language = await engine.language();
    const can = (capability: (typeof facts.capabilities)[number]): boolean =>
      facts.capabilities.includes(capability);
    const all = photographs.slice(0, sampleSize(evaluation, PHOTOGRAPHS));
    // The other parts look at the beginning of the order: what they tell is of photographs that nothing was fitted on.
    const [test, fit] = [all.slice(0, all.length / 2), all.slice(all.length / 2)];
    const some = (half: readonly IndexedPhotograph[], most: number): IndexedPhotograph[] =>
      half.slice(0, most);

    const captions = can('caption')
      ? trustOf(
          await captionClaims(some(fit, CAPTIONED), language),
          await captionClaims(some(test, CAPTIONED), language),
        )
      : null;
    const meanings = await captionPairs(fit, language);
    const sameMeaning = bestTelling(meanings, WRONGLY_JOINED);
    const words = await answerPairs(fit, language);
    const sameAnswer = bestTelling(words, WRONGLY_POOLED);
    const answers = can('answer') ? fitAnswers(await answerClaims(fit, language)) : {};
    const answered = can('answer') ? answersReport(answers, await answerClaims(test, language)) : null;
    const places = can('locate') ? await placesOf(evaluation, some(fit, PLACED), some(test, PLACED)) : null;

    const names = existsSync(path.join(evaluation.data, 'imagenet1000'));
    const reading = can('caption') && names ? await readingFor(evaluation, fit, test, language) : null;

    const calibration: PackCalibration = {
      revision: facts.revision,
      captions: { trust: captions?.trust ?? AT_ITS_WORD, sameMeaning },
      answers: { sameAnswer, kinds: answers },
      places: { trust: places?.trust ?? AT_ITS_WORD, presentFrom: places?.presentFrom ?? 0.5 },
      ...(reading && { search: reading.calibration }),
    };
    const found = {
      pack: `${facts.id} ${facts.revision}`,
      photographs: { fitted: fit.length, told: test.length },
      captions,
      sameMeaning: meaningReport(sameMeaning, await captionPairs(test, language)),
      sameAnswer: meaningReport(sameAnswer, await answerPairs(test, language)),
      answers: answered,
      places,
      reading,
      calibration,
    };
    const manifest = path.join(directory, 'manifest.json');
    if (evaluation.write) writeEntry(manifest, calibration);
    if (evaluation.report !== null) writeReport(evaluation.report, found);
    return { ...found, writtenTo: evaluation.write ? manifest : null };

    async function placesOf(
      of: Evaluation,
      fitted: readonly IndexedPhotograph[],
      told: readonly IndexedPhotograph[],
    ): Promise<PlacesReport> {
      const boxes = await boxesOf(of, engine.store, [...fitted, ...told]);
      const claims = await placeClaims(placesAsked(fitted, boxes), language);
      const trust = fitTrust(claims);
      const presentFrom = bestTelling(scored(trust, claims));
      const outcomes = scored(trust, await placeClaims(placesAsked(told, boxes), language));
      const [at] = tellingCurve(outcomes, [presentFrom]);
      return {
        trust,
        presentFrom,
        there: outcomes.filter(({ right }) => right).length,
        notThere: outcomes.filter(({ right }) => !right).length,
        hits: at!.hits,
        falseAlarms: at!.falseAlarms,
        area: areaUnder(outcomes),
        curve: tellingCurve(outcomes, levelsBetween(0, 1, 21)),
      };
    }
  } finally {
    await engine.close();
  }
}

/** How things that are there are told from things that are not. */
export interface PlacesReport {
  readonly trust: Trust;
  readonly presentFrom: number;
  readonly there: number;
  readonly notThere: number;
  readonly hits: number;
  readonly falseAlarms: number;
  readonly area: number;
  readonly curve: ReturnType<typeof tellingCurve>;
}

/** How well the confidence of captions fits the share of their words that people used as well. */
export interface CaptionsReport {
  readonly trust: Trust;
  readonly told: number;
  /** Means. */
  readonly right: number;
  readonly confidence: number;
  /** Expected calibration error, and that of the decoder's own probabilities. */
  readonly calibrationError: number;
  readonly withoutFit: number;
  /** How well captions that are right in most of their words are told from others. */
  readonly area: number;
}

const scored = (trust: Trust, claims: readonly Judged[]): { score: number; right: boolean }[] =>
  claims.map((claim) => ({ score: trusted(trust, claim), right: claim.right >= 0.5 }));

function trustOf(fitted: readonly Judged[], told: readonly Judged[]): CaptionsReport {
  const trust = fitTrust(fitted);
  const mean = (values: readonly number[]): number =>
    rounded(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length));
  return {
    trust,
    told: told.length,
    right: mean(told.map(({ right }) => right)),
    confidence: mean(told.map((claim) => trusted(trust, claim))),
    calibrationError: rounded(calibrationError(trust, told)),
    withoutFit: rounded(calibrationError(AT_ITS_WORD, told)),
    area: areaUnder(scored(trust, told)),
  };
}

/** How texts that say the same are told from others. */
export interface MeaningReport {
  /** The cosine in use. */
  readonly from: number;
  /** Pairs. */
  readonly same: number;
  readonly different: number;
  /** Shares at that cosine. */
  readonly joinedOfSame: number;
  readonly joinedOfDifferent: number;
  readonly area: number;
  readonly curve: ReturnType<typeof tellingCurve>;
}

function meaningReport(
  from: number,
  pairs: readonly { readonly score: number; readonly right: boolean }[],
): MeaningReport {
  const [at] = tellingCurve(pairs, [from]);
  return {
    from,
    same: pairs.filter(({ right }) => right).length,
    different: pairs.filter(({ right }) => !right).length,
    joinedOfSame: at!.hits,
    joinedOfDifferent: at!.falseAlarms,
    area: areaUnder(pairs),
    curve: tellingCurve(pairs, levelsBetween(0.3, 1, 15)),
  };
}

function writeEntry(file: string, calibration: PackCalibration): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, `${JSON.stringify({ ...manifest, calibration }, null, 2)}\n`);
}
