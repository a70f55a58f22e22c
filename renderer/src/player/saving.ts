import type { ExportFormat } from '../../../electron/engine/api/shapes.ts';
import type { App } from '../app.ts';
import { t } from '../strings.ts';

/** Writes the marked range as a file and says where it is. */
export async function saveRange({ player, engine, notices }: App): Promise<void> {
  const { detail, range } = player;
  if (detail === null || range === null) return;
  try {
    const saved = await engine.call('export.range', { mediaId: detail.id, ...range });
    notices.show('attention', t.player.exported(saved.path, saved.copied));
  } catch (error) {
    notices.failed(error);
  }
}

/** Hands over the matches of all lanes as a list: one entry a peak, as long as the clip that it lies in. */
export async function saveMatches(
  { player, engine, host, notices }: App,
  format: Extract<ExportFormat, 'csv' | 'fcpxml' | 'edl'>,
): Promise<void> {
  const { detail } = player;
  if (detail === null) return;
  const moments = player.lanes.flatMap(({ lane, query }) =>
    (lane?.peaks ?? [])
      .filter((peak) => peak.match !== 'none')
      .map((peak) => {
        const clip = lane?.clips.find((each) => each.start <= peak.time && peak.time <= each.end);
        return {
          mediaId: detail.id,
          start: clip?.start ?? peak.time,
          end: clip?.end ?? peak.time,
          label: query,
        };
      }),
  );
  if (moments.length === 0) return;
  try {
    const list = await engine.call('export.moments', { format, moments });
    await host.saveText(list.fileName, list.mimeType, list.content);
    notices.show('info', t.captions.saved(list.fileName));
  } catch (error) {
    notices.failed(error);
  }
}
