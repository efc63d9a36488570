import type { ChineseTopic } from '../intent';
import { wallTime, weekday } from '../zone';
import type { Here } from './calendar';

/** Simple answers in Chinese; what needs understanding is declined. */
export function answerChinese(topic: ChineseTopic, { now, timeZone }: Here): string {
  const wall = wallTime(now, timeZone);
  switch (topic) {
    case 'time':
      return `现在是${wall.hour}点${wall.minute === 0 ? '整' : `${wall.minute}分`}。`;
    case 'date':
      return `今天是${wall.year}年${wall.month}月${wall.day}日，星期${'日一二三四五六'[weekday(wall)]}。`;
    case 'help':
      return '没有接上语言模型时，我用中文只能报时间和日期。用英文还可以计算、换算单位、设定时器和提醒。';
    case 'hello':
      return '你好！';
    case 'thanks':
      return '不客气。';
    case 'stop':
      return '好的。';
    case 'decline':
      return '抱歉，没有语言模型，我做不到。你可以在设置里接上一个，比如本机的 Ollama。';
    default:
      return topic satisfies never;
  }
}
