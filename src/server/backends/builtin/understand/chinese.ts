import type { ChineseTopic } from '../intent';

const TOPICS: [RegExp, ChineseTopic][] = [
  [/^(现在|请问|请问现在|北京时间)?(是)?(几点|什么时间|什么时候了|时间)(了|钟|钟了)?(呢|啊|呀)?$/, 'time'],
  [
    /^(请问)?(今天)?(是)?(几月)?(几号|几日|星期几|礼拜几|周几|什么日子|日期|的日期)(了|是什么|是多少)?(呢|啊|呀)?$/,
    'date',
  ],
  [/^(请问)?(帮助|帮帮我|你(能|会|可以)(做|干|帮我做)?(些)?(什么|啥)(呢|啊|呀)?|你有什么功能)$/, 'help'],
  [/^(你好|您好|嗨|哈喽|早上好|下午好|晚上好)(啊|呀)?$/, 'hello'],
  [/^(谢谢|多谢|感谢|谢谢你|谢谢您)(了|啊|呀)?$/, 'thanks'],
  [/^(停|停下|停止|别说了|闭嘴|够了|算了|取消)(吧|了)?$/, 'stop'],
];

/** What a message in Chinese asks for; null when it is not in Chinese. */
export function understandChinese(text: string): ChineseTopic | null {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (han === 0 || han * 2 < letters) return null;
  const plain = text.replace(/[^\p{L}\p{N}]/gu, '');
  return TOPICS.find(([pattern]) => pattern.test(plain))?.[1] ?? 'decline';
}
