/** Words that say what a figure next to them is. Each group is one alternation of a regular expression. */

/** Shares, ratios, changes and levels: a percentage before or after one of these is not progress. */
export const SHARE_WORDS = alternation(`
  coverage covered stmts? statements? branch(es)? pass(ed|ing)?\\Wrates? success(ful)? succeeded passed failed
  failing failures? flaky skipped scores? scored accuracy acc precision recall f1 confidence similarity similar
  match(es|ed|ing)? duplicat\\w+ cached cache cache\\Whits?
  cpu gpu load loads mem memory ram swap heap disk storage space utili[sz]ation usage used in\\Wuse uses? free full
  avail(able)? idle busy battery charged? akku batterie capacity quota health
  ratio compression compressed savings? saved saves smaller larger bigger faster slower quicker reduced reduction
  increased? increases decreased? decreases improve\\w* regress\\w* chang(e|es|ed) growth growing grew drop(ped)?
  hit\\W?rates? hits? miss(es)? loss lost error\\Wrate errors? overhead share probability chances? likely median average
  avg mean percentile p\\d\\d quality opacity zoom volume brightness humidity width height scaled? threshold
  limit(ed)? at\\Wleast at\\Wmost up\\Wto more\\Wthan less\\Wthan over under min(imum)? max(imum)?
  non\\Wcontiguous fragment(ed|ation) discount rabatt remise off tax vat mwst interest price cost fee margin alpha beta gamma
  remaining left verbleibend restante? rest deflated stored shrunk signal strength reliability efficiency conversion bounce
  temperature fan speed throttle contrast saturation rates? risk occupancy pressure tolerance sampling dropout proportion
  fraction odds compact completeness turnout inflation obsolete less
  votes? users? people customers? traffic requests? weight(ed)? bonus tip
`);

/** A line with one of these anywhere has no percentage that is progress. */
export const SHARE_LINES = alternation(`
  coverage battery akku batterie discount rabatt packet\\Wloss load\\Waverage cache\\Whits?
`);

/** A line with one of these counts no work. */
export const TRIAL_LINES = alternation('attempts? retry retrying retries shards? coverage');

/** Comes before the number of one of several that work side by side, or are tried one after the other. */
export const NUMBERED_WORDS = alternation(`
  attempts? retry retrying retries try tries trying again versuch essai tentative intento
  shards? workers? threads? cores? cpus? gpus? nodes? ranks? slots? instances? replicas? partitions? process(es)?
  versions? v\\d[\\w.]* release rated ratings? stars? scores? scored grade seed severity priority level port ttl http id
  ports? ready split sleep(ing)? restarts? pods?
  warnings? errors? failures? failed passed season episode day week month year ratio aspect load average chapter line
`);

/** Comes after a count that sums up. */
export const SUMMARY_WORDS = alternation(`
  failed failures? failing passed passing succeeded skipped flaky attempts? retries tries stars? points? used free
  remaining left pending obsolete ready cores? threads? in\\Wuse available votes? cup cups
`);

/** Comes before the number of the thing that is being worked on. */
export const STEP_WORDS = alternation(`
  steps? stages? phases? pass part parts tasks? epochs? iterations? iter rounds? batch(es)? chunks? files? disc track
  items? layers? tests? packages? modules? targets? jobs? images? frames? records? rows? segments? blocks? objects?
  documents? pages? videos? songs? tables? projects? crates? groups? loops? games? generations? folds?
  schritt teil datei aufgabe étape etape fichier paso archivo fase passo этап шаг файл 步骤 阶段
`);

/** Words for work under way, in some languages. In addition, every English word in -ing counts. */
const WORK_WORDS = alternation(`
  progress complete completed done finished processed loaded downloaded uploaded transferred copied written read sent
  received extracted installed scanned indexed verified hashed encoded converted imported exported analy[sz]ed rendered
  built compiled linked tested checked synced synchroni[sz]ed migrated moved deleted removed optimi[sz]ed packed unpacked
  fetched pulled pushed pulled resolved restored archived parsed generated uploads? downloads? eta elapsed
  epoch iteration step
  fortschritt fertig abgeschlossen erledigt übertragen kopiert geladen progression progrès avancement terminé effectué
  progreso avance completado hecho progresso avanzamento completato concluído concluido voortgang voltooid postęp
  ukończono edistyminen framsteg fremskridt fremdrift прогресс выполнено завершено ilerleme İlerleme tamamlandı průběh haladás
  進捗 完了 进度 完成 진행
`);
const NO_WORK = alternation(`
  nothing something everything anything string warning thing during missing bring king ring spring using meaning morning
  evening following according including rating existing failing having being setting rolling ceiling floating
`);

const WORK = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${WORK_WORDS}|(?!(?:${NO_WORK})\b)\p{L}{2,}ing)(?![\p{L}\p{N}])|[進进完진]`,
  'iu',
);

/** Words for work that is over, in some languages. In addition, every longer English word in -ed counts. */
const END_WORDS = alternation(`
  complete done ok built written rebuilt sent passed fertig erledigt abgeschlossen terminé effectué hecho completado completato
  concluído concluido voltooid ukończono завершено выполнено tamamlandı 完了 完成
`);
const NO_END = alternation(
  'need speed proceed exceed succeed embed indeed shared based advanced unified limited',
);

const END = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${END_WORDS}|(?!(?:${NO_END})\b)[a-z]{3,}ed)(?![\p{L}\p{N}])|^\s*[✓✔☑✅✗✘✖✕❌×√]`,
  'iu',
);

/** The name of a file, or an address: its words say nothing about the line. */
export const PATH = /\S*[/\\.]\S+/gu;

/** Tells whether a line is about work under way. */
export function tellsOfWork(text: string): boolean {
  return WORK.test(text.replace(PATH, ' '));
}

/** Tells whether a line is about work that is over. */
export function tellsOfEnd(text: string): boolean {
  return END.test(text.replace(PATH, ' '));
}

/** Returns a pattern for one of `words`, standing alone. */
export function wordIn(words: string): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words})(?![\p{L}\p{N}])`, 'iu');
}

/** Makes one alternation of words that are separated by spaces; the words of a phrase are joined by `\W`. */
function alternation(words: string): string {
  return words
    .trim()
    .split(/\s+/u)
    .map((word) => word.replaceAll('(', '(?:'))
    .join('|');
}
