import type { units as english } from '../en/units.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** Units: what they answer, who they are, and where they stand. */
export const units: Like<typeof english> = {
  'unit.silent': {
    means: '线缆已接好，但产品没有及时应答一条消息。它没有通电、尚未启动或已死机。',
    steps: [say.reseat, say.again, say.asideIf],
    lead: '在“{lanes}”屏幕上：若只有一个工位如此，更换其夹具或线缆；若所有工位都如此，检查供电和这一批次的固件。',
  },
  'unit.garbled': {
    means: '产品的应答不是协议中的消息，或校验和不符。原因可能是接触不良、波特率不对，或固件在同一条线上输出内容。',
    steps: [say.reseat, say.again, say.asideIf],
    lead: '在“{settings}”屏幕上：工位的波特率是否与产品一致。另外检查固件是否向该端口输出日志。',
  },
  'unit.serial-mismatch': {
    means: '扫描的标签与夹具上的产品不是同一件。用错标签会使设备以别人的名义注册，因此没有写入任何内容。',
    steps: [
      '将标签与夹具上的产品对照：是否扫了另一件的标签？',
      '如果是，扫描正确的标签。',
      '如果标签贴错了产品，给产品标上此代码并隔离，然后呼叫线长。',
    ],
    lead: '在“{audit}”屏幕上按扫描到的序列号查找：相邻的产品是否有同样的错误。若有，说明标签卷错位，应停线直到找出错位之处。',
  },
  'unit.mac-mismatch': {
    means: '工单中该序列号对应一个 MAC，而产品报告的是另一个。电路板、标签和工单不匹配。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '在“{orders}”屏幕上：工单中该产品的那一行。与电路板上的标识对照，并让人更正工单或电路板。',
  },
  'unit.version': {
    means: '产品与工站使用不同版本的协议。产品的固件比本工站所认识的更旧或更新。',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: '该批次用的是哪个固件。请更新产品或工站；没有任何设置能使两者匹配。',
  },
  'unit.cannot': {
    means: '配方要求产品具备某种能力，而产品没有。固件与编写配方时所用的不同，或工单用错了配方。',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: '在“{orders}”屏幕上：工单的配方。在“{recipes}”屏幕上：配方的要求。与该批次的固件对照。',
  },
  'unit.refused': {
    means: '产品理解了请求但拒绝执行，并给出了原因：它已锁定，或收到的内容与它不符。没有强行执行任何操作。',
    steps: ['阅读消息中的原因。', say.aside, say.lead],
    lead: '在“{audit}”屏幕上按该序列号查找：该产品是否曾在这里或在另一个工单下制造过。已锁定的产品需要返工。',
  },
  'unit.other-credential': {
    means: '产品中已有另一份密钥或证书，与这里属于它的不同。覆盖它可能造成两台设备同名。',
    steps: [say.aside, say.notAgain, '呼叫线长，由线长决定是否返工。'],
    lead: '在“{audit}”屏幕上按该序列号查找：它在何时、哪个工位得到了哪份凭据。返工时先擦除产品的存储，再送回产线。',
  },
  'unit.proof-wrong': {
    means: '产品已得到密钥，但用它算出的结果是错的。云端会拒绝它，因此没有判为合格。',
    steps: [say.again, say.asideIf],
    lead: '在“{audit}”屏幕上：若同一批次有多件如此，是其存储或加密固件有问题。',
  },
  'unit.certificate-refused': {
    means: '产品自带一张证书，而配方的某条规则不允许它。消息中写明了是哪条规则。',
    steps: [say.aside, say.notAgain, say.lead],
    lead: '在“{hsm}”屏幕上：各证书库，以及这张证书由哪个制造商签发。若整批都是此代码，退回给写入证书的一方。',
  },
  'unit.mac-taken': {
    means: '两件产品报告了相同的 MAC。其中一件是复制品或写错了，在网络中会互相干扰。该工位不再接受产品。',
    steps: [say.bothAside, say.lead, say.released],
    lead: '在“{audit}”屏幕上按两个序列号查找：哪一件先来。然后检查该批次的 MAC 是在哪里写入的。',
  },
  'unit.unknown': {
    means: '没有未完成的工单包含这个序列号。标签读错了、属于别的产品，或其工单尚未导入。',
    steps: ['再扫描一次标签；若扫描枪窗口脏了，请擦净。', '将屏幕显示与标签对照。', '若两者一致，请呼叫线长。'],
    lead: '在“{orders}”屏幕上：查找该序列号，看其工单是否已导入且未关闭。',
  },
  'unit.ambiguous': {
    means: '多个未完成的工单都包含这个序列号，工站无法知道指的是哪一件。',
    steps: ['查看产品的随附单据：它属于哪个工单？', '选择该工单，然后重新扫描产品。', '若单据上没有写明，请呼叫线长。'],
    lead: '在“{orders}”屏幕上：关闭已完成的工单，或让人更正两个文件之一。',
  },
  'unit.finished': {
    means: '这件产品已在消息所写的时间合格。同一产品绝不制造两次：它的身份已经写入。',
    steps: ['把产品放到已完成的一堆。', '若夹具上是另一件产品，其标签是复制的：请隔离并呼叫线长。', say.goOn],
    lead: '在“{audit}”屏幕上按该序列号查找：它在何时何处制造。两件产品用同一标签，应由安全员处理。',
  },
  'unit.busy': {
    means: '此序列号的产品正在制造，工位见消息。',
    steps: ['查看那个工位，等待其结果。', '若那里是另一件产品，说明两件产品标签相同：请都隔离并呼叫线长。'],
    lead: '在“{audit}”屏幕上按该序列号查找：标签是否打印了两次。',
  },
  'unit.in-batch': {
    means: '该产品的证书正在产线之外由文件签发。同时运行可能使它得到第二张证书。',
    steps: ['等待一分钟。', say.again, '若五分钟后仍如此，请呼叫线长。'],
    lead: '在“{audit}”屏幕上按工单查找：由谁在为它签发证书。',
  },
  'unit.scrapped': {
    means: '这件产品已在消息所写的时间永久报废。它在云端的条目已停用。',
    steps: ['把产品放入废品。', '若它不应报废，请呼叫线长；扫描不会改变任何事情。'],
    lead: '在“{audit}”屏幕上按该序列号查找：由谁报废、为什么。它不能恢复；修好的电路板要用新的序列号。',
  },
  'unit.unmade': {
    means: '该产品还没有注册 ID，因为它从未运行过，或其 ID 来自尚未读取的 TPM。云端不可能认识它。',
    steps: ['先在工位上运行该产品。', say.redo],
    lead: '在“{orders}”屏幕上：该产品的状态。',
  },
  'unit.chain-differs': {
    means: '产品已得到证书，但回读的是另一张。它的存储目前不可信。',
    steps: [say.again, say.asideIf],
    lead: '在“{audit}”屏幕上：若同一批次有多件如此，是其存储太小或已磨损。',
  },
};
