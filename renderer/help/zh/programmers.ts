import type { programmers as english } from '../en/programmers.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** External programmers, which write a unit's firmware first. */
export const programmers: Like<typeof english> = {
  'unit.not-programmed': {
    means: '固件无法写入产品：烧录程序结束时的退出码，按配方应归因于产品。它最后的输出在消息中。',
    steps: [say.reseat, say.again, say.asideIf],
    lead: '烧录程序的输出：在工站的命令行上按运行编号查看。若所有产品都如此，请检查夹具触点，以及配方把哪些退出码归因于产品。',
  },
  'programmer.unknown': {
    means: '配方指定了一个写入产品固件的程序，而本工站没有这个名称的程序。',
    steps: [say.stop, say.lead],
    lead: '在“{recipes}”屏幕上查看配方指定的烧录程序，再看本工站的配置中有哪些。名称必须一致。',
  },
  'programmer.changed': {
    means: '烧录程序的文件不是工站应当信任的那一个。有人更新了它，或换成了别的程序。它没有被启动。',
    steps: [say.stop, say.both],
    lead: '是谁更改了程序，新版本是否经过试用。确认之后，才在配置中固定新文件的哈希值。',
  },
  'programmer.not-started': {
    means: '操作系统无法启动烧录程序。产品未被触及。',
    steps: ['让产品留在原处。', say.lead],
    lead: '看消息中的原因：本机是否安装了该程序，工站的账户是否有权运行它。',
  },
  'programmer.broke': {
    means: '烧录程序没有完成烧录就结束了，也没有任何迹象表明是产品的问题。它最后的输出在消息中。',
    steps: ['检查烧录器的插头和供电。', say.again, say.leadIf],
    lead: '烧录程序的输出：在工站的命令行上按运行编号查看。表示产品不良的退出码应写入配方。',
  },
  'programmer.late': {
    means: '烧录程序到时仍未结束，工站已将它及其启动的一切终止。产品中可能只有一半固件。',
    steps: ['检查烧录器的插头和供电。', say.again, say.leadIf],
    lead: '烧录程序最后的输出，以及良品需要多长时间：配方中的时限可能太短。',
  },
};
