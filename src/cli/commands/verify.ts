import { primaryOf } from '../../core/cache-key.ts';
import type { StoreReader } from '../../managers/disk/store-reader.ts';
import type { StreamingManager } from '../../managers/disk/streaming-manager.ts';
import type {
  VerifyProblem,
  VerifyProgress,
  VerifyReport,
} from '../../managers/disk/verify/verify-report.ts';
import { folderOperand, type Call, type Command } from '../command.ts';
import { exitCodes } from '../command-errors.ts';
import { LinesInTurn } from '../terminal/lines-in-turn.ts';
import { formatBytes } from '../text/byte-size.ts';
import { jsonLine } from '../text/entry-json.ts';
import type { Masker } from '../text/masking.ts';
import { plural } from '../text/plural.ts';
import { visible } from '../text/visible.ts';
import { withStoreToChange, withStoreToRead, type OpenStore } from '../with-store.ts';

/** Reads all of a store, and mends it. */
export const verify: Command = {
  name: 'verify',
  summary: 'read and check all that is stored, and mend what is wrong',
  operands: [folderOperand],
  options: [
    { name: 'check', says: 'mend nothing, and change nothing' },
    { name: 'json', says: 'one JSON object for each problem, and one for the report' },
  ],
  details: [
    'Reads every entry, every body and what lies beside them, and checks them against their SHA-256. Each problem is a line: its kind, whether it was mended, the file, and the key where one can be read. The kinds are told in docs/verify.md. The report goes to stderr.',
    'A store needs no repair: what is damaged is never handed out, and goes when a program meets it. Programs may go on with the store meanwhile.',
  ],
  examples: [
    { line: 'http-larder verify .cache/http', says: 'look, and mend' },
    { line: 'http-larder verify .cache/http --check --json', says: 'look only, for a program' },
  ],
  nothing: 'problems are left; with --check, when there are any',
  run: verifyStore,
};

async function verifyStore(call: Call): Promise<number> {
  const { given, stdout, stderr, masker, surroundings } = call;
  const asJson = given.flag('json');
  const lines = new LinesInTurn(stdout);
  const work = async ({
    store,
    progress,
  }: OpenStore<StoreReader | StreamingManager>): Promise<VerifyReport> => {
    const report = await store.verify({
      signal: surroundings.signal,
      onProgress: (done) => progress.tell(() => progressText(done)),
      onProblem: (problem) => {
        progress.clear();
        lines.print(asJson ? problemJson(problem, masker) : problemLine(problem, call));
      },
    });
    await lines.printed();
    return report;
  };
  const report = await (given.flag('check') ? withStoreToRead(call, work) : withStoreToChange(call, work));
  if (lines.leftOut > 0) {
    await stderr.line(
      `${plural(lines.leftOut, 'problem')} not listed, as they came faster than they were read: the report counts them`,
    );
  }
  if (asJson) await stdout.line(jsonLine({ type: 'report', ...report }));
  else await stderr.line(reportText(report));
  return report.problems > report.mended ? exitCodes.nothing : exitCodes.ok;
}

function progressText({ group, groups, entries, bytes, problems }: VerifyProgress): string {
  const done = Math.floor((100 * group) / groups);
  return `${done} %: ${plural(entries, 'entry', 'entries')}, ${formatBytes(bytes)} read, ${plural(problems, 'problem')}`;
}

function problemLine({ kind, path, mended, cacheKey, code }: VerifyProblem, { masker, paint }: Call): string {
  const state = paint(mended ? 'good' : 'bad', (mended ? 'mended' : 'left').padEnd(6));
  const key = cacheKey === undefined ? '' : `  ${masker.url(primaryOf(cacheKey))}`;
  return `${kind.padEnd(15)}  ${state}  ${visible(path + key + (code === undefined ? '' : `  (${code})`))}`;
}

function problemJson({ cacheKey, ...problem }: VerifyProblem, masker: Masker): string {
  const key = cacheKey === undefined ? {} : { key: masker.url(primaryOf(cacheKey)) };
  return jsonLine({ type: 'problem', ...problem, ...key });
}

function reportText(report: VerifyReport): string {
  const { entries, bytes, problems, mended, kinds, foreign, otherFormats } = report;
  const found = Object.entries(kinds).flatMap(([kind, count]) => (count === 0 ? [] : [`${count} ${kind}`]));
  const lines = [
    `${plural(entries, 'entry is', 'entries are')} right, ${formatBytes(bytes)} read`,
    problems === 0
      ? 'No problems'
      : `${plural(problems, 'problem')} (${found.join(', ')}), ${mended} mended, ${problems - mended} left`,
  ];
  if (foreign > 0) lines.push(`${plural(foreign, 'foreign file')} left alone`);
  if (otherFormats.length > 0) lines.push(`Stores of other formats left alone: ${otherFormats.join(', ')}`);
  return lines.map(visible).join('\n');
}
