import type { overConsole as english } from '../en/console.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Units that are provisioned over their Linux console. */
export const overConsole: Like<typeof english> = {
  'console.no-prompt': {
    means: '串口控制台上没有出现工站等待的内容。产品尚未启动，或其控制台的波特率不同。',
    steps: [say.reseat, '等到产品启动完毕。', say.again, say.asideIf],
    lead: '在“{settings}”屏幕上：工位的波特率。若所有产品都如此，说明映像在该端口上没有控制台，或启动时间比消息所写的更长。',
  },
  'console.login-refused': {
    means: '产品不接受工站登录用的用户名和密码。',
    steps: [say.aside, '不要再扫描该批次的产品。', say.lead],
    lead: '在“{recipes}”屏幕上：配方指定的是哪个机密。该批次的映像可能用了别的密码，或机密中有无法键入的字符。',
  },
  'console.tool-missing': {
    means: '工站在产品上需要的一个程序不在其软件映像中。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '检查该批次的软件映像：消息中写明了程序名称。',
  },
  'console.failed': {
    means: '产品上的一条命令以错误结束。可能是磁盘已满或只读，或某个服务没有运行。',
    steps: [say.again, say.asideIf],
    lead: '看消息中的命令及其退出码。若所有产品都如此，说明映像不是编写配方时所用的那一个。',
  },
  'console.garbled': {
    means: '控制台传来的不是应答，而是内核消息，或有字节丢失。',
    steps: [say.reseat, say.again, say.asideIf],
    lead: '映像是否向该控制台输出内核消息，线缆是否过长或没有屏蔽。',
  },
  'console.file-differs': {
    means: '写入产品的文件回读时不一样。可能是途中丢失了内容，或产品上有程序改了它。',
    steps: [say.again, say.asideIf],
    lead: '产品上是否有服务也在写同一个文件。',
  },
};
