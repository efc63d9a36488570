/** Words that say "I am listening" and nothing else: whoever says them over an answer does not want it to stop. */

const BACKCHANNELS: Record<string, readonly string[]> = {
  en: [
    'uh-huh huh uh um ah aha oh ooh wow yeah yea yes yep yup',
    'okay ok k right alright sure true exactly absolutely totally cool great nice good fine indeed really',
  ]
    .join(' ')
    .split(' ')
    .concat(['all right', 'i see', 'got it', 'of course', 'go on', 'makes sense', "that's right", 'oh my']),
  zh: '嗯 嗯哼 唔 哦 噢 喔 啊 呃 哎 欸 诶 对 对的 是 是的 是啊 好 好的 好吧 行 可以 没错 明白 明白了 懂了 知道 知道了 了解 当然 真的 原来如此'.split(
    ' ',
  ),
};

/** Hums are spelt in many ways. */
const HUM = /^[hm]+(?: |$)/;
const HAN = /^\p{Script=Han}+$/u;

/** Small letters and digits of any script, one space between words. */
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Longest first, so that "all right" is not read as something and "right". */
const PHRASES = Object.values(BACKCHANNELS)
  .flat()
  .map(plain)
  .sort((a, b) => b.length - a.length);

/** The words by which people cut in, where a single syllable is all that was heard. */
const INTERRUPTERS: Record<string, readonly string[]> = {
  en: 'stop no nope wait hey what why who how when where hold hang quiet enough sorry excuse pause cancel hush shush parley'.split(
    ' ',
  ),
  zh: '停 等 不 别 喂 什么 为什么 闭嘴 够了 安静 暂停 取消'.split(' '),
};
const CUTS_IN = Object.values(INTERRUPTERS).flat();

/** Whether `transcript` holds a word by which people cut in, in whatever language. */
export function isInterrupter(transcript: string): boolean {
  const text = plain(transcript);
  const words = text.split(' ');
  return CUTS_IN.some((word) => (HAN.test(word) ? text.includes(word) : words.includes(word)));
}

/** Whether `transcript` is made of nothing but backchannels, in whatever language; true when it is empty. */
export function isBackchannel(transcript: string): boolean {
  let rest = plain(transcript);
  while (rest !== '') {
    if (HUM.test(rest)) {
      rest = rest.replace(HUM, '');
      continue;
    }
    // Chinese is written without spaces, so there a phrase ends where the next one begins.
    const phrase = PHRASES.find((p) => rest === p || rest.startsWith(HAN.test(p) ? p : `${p} `));
    if (phrase === undefined) return false;
    rest = rest.slice(phrase.length).trimStart();
  }
  return true;
}

/** Words in `transcript`, by the rules of its script. */
export function countWords(transcript: string): number {
  let count = 0;
  for (const { isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(transcript)) {
    if (isWordLike) count += 1;
  }
  return count;
}
