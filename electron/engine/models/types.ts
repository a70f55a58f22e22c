import type { InputGeometry } from '../tubelets/geometry.ts';
import type { PackCalibration } from './calibration.ts';

/** What a pack can do; the app hides what its pack cannot. */
export type Capability = 'search' | 'caption' | 'answer' | 'locate';

/** What the rest of the engine knows of the pack in use, whatever its kind. */
export interface PackFacts {
  readonly id: string;
  readonly name: string;
  /** Changes whenever an embedding would change: embeddings of different revisions are never compared. */
  readonly revision: string;
  readonly kind: 'mammut' | 'dual-encoder';
  readonly capabilities: readonly Capability[];
  readonly geometry: InputGeometry;
  /** Length of an embedding. */
  readonly embedding: number;
  /** Tokens a clip, and floats a token; 0 where the pack keeps none. */
  readonly tokens: number;
  readonly tokenWidth: number;
  /** Where the tokens that keep their place begin, and how they lie; null where there are none. */
  readonly grid: { readonly first: number; readonly rows: number; readonly columns: number } | null;
  /** Factor that turns a cosine into the logit the pack was trained with. */
  readonly similarityScale: number;
  /** What was measured of it; absent where nothing was. */
  readonly calibration?: PackCalibration;
}

/** What comes out of the vision encoder for one clip. */
export interface EncodedClip {
  /** Unit length, `embedding` floats. */
  readonly embedding: Float32Array;
  /** tokens x tokenWidth floats, row by row; empty where the pack keeps none. */
  readonly tokens: Float32Array;
}

/** The vision side: runs once a clip, in a worker thread. */
export interface VisionEncoder {
  readonly pack: PackFacts;
  /**
   * Encodes one clip of `frameCount` RGB frames (size x size x 3 bytes each). The frames' buffer is transferred and
   * must not be used afterwards. Calls queue and resolve in order; the queue is bounded, so await the results.
   */
  embedClip(frames: Uint8Array, frameCount: number): Promise<EncodedClip>;
  close(): Promise<void>;
}

/** How words are chosen. */
export interface GenerateOptions {
  /** 1 is greedy. */
  readonly beams: number;
  /** End token included. */
  readonly maxTokens: number;
  /** Exponent of the length by which a beam's log probability is divided (0 none, 1 mean). */
  readonly lengthPenalty: number;
  /** No sequence of this many tokens occurs twice; 0 switches it off. */
  readonly noRepeatNgram: number;
  /** The text does not end before this many tokens. */
  readonly minTokens: number;
  /** What a beam's log probability loses in the search for each word of meaning that it says again; 0 switches it off. */
  readonly repeatPenalty: number;
}

/** What the decoder wrote. */
export interface Generation {
  readonly text: string;
  /** Without the prompt and the end token. */
  readonly tokenIds: readonly number[];
  /** Sum of the log probabilities of the tokens, end token included. */
  readonly logProbability: number;
  /** Geometric mean of the tokens' probabilities, 0 to 1. */
  readonly confidence: number;
  /** Other sentences that the search finished, best first; only captions have them. */
  readonly others?: readonly Omit<Generation, 'others'>[];
}

/** How likely a text is as a caption. */
export interface CaptionScores {
  /** Natural logarithm of the probability of the whole text with its end, one a clip. */
  readonly logProbabilities: readonly number[];
  /** Tokens that these are sums over. */
  readonly length: number;
}

/** The language side: the one decoder and its two passes, in a worker thread of its own. */
export interface LanguageModel {
  readonly pack: PackFacts;
  /** Pass 1: one unit-length embedding a text. */
  embedTexts(texts: readonly string[]): Promise<Float32Array[]>;
  /** Pass 2: a caption of the clip whose tokens are given. Needs the capability `caption`. */
  caption(tokens: Float32Array, options?: Partial<GenerateOptions>): Promise<Generation>;
  /** Pass 2: captions of many clips, decoded together: several times as fast as one after the other. */
  captionMany(tokens: readonly Float32Array[], options?: Partial<GenerateOptions>): Promise<Generation[]>;
  /** Pass 2: an answer to a question about the clip. Needs the capability `answer`. */
  answer(tokens: Float32Array, question: string, options?: Partial<GenerateOptions>): Promise<Generation>;
  /** Log probability of each of `candidates` as the answer to `question`, in their order. */
  scoreAnswers(tokens: Float32Array, question: string, candidates: readonly string[]): Promise<number[]>;
  /** Pass 2: how likely one text is as the caption of each of many clips. Needs the capability `caption`. */
  scoreCaption(text: string, clips: readonly Float32Array[]): Promise<CaptionScores>;
  /** rows x columns scores in 0..1 for a phrase over the frame. Needs the capability `locate`. */
  locate(tokens: Float32Array, phrase: string): Promise<Float32Array>;
  close(): Promise<void>;
}

/** The device that runs the sessions, and why. */
export interface ProviderVerdict {
  readonly provider: 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
  /** Milliseconds a clip that the self-test measured. */
  readonly millisecondsPerClip: number;
  /** What else was tried and why it was refused. */
  readonly refused: readonly { readonly provider: string; readonly reason: string }[];
}
