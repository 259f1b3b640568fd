import type { ca as english } from '../en/ca.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

/** The intermediate CA, certificates, and stores of certificates. */
export const ca: Like<typeof english> = {
  'ca.unknown': {
    means: '配方或调用指定了本工站没有的中间 CA。',
    steps: [say.stop, say.asks],
    lead: '在“{issuers}”屏幕上：各颁发者。“{recipes}”屏幕上配方中的名称必须与之相同。',
  },
  'ca.not-ready': {
    means: '中间 CA 无法签名：其仪式未完成、已停用，或缺少证书。消息中写明了是哪一种。',
    steps: [say.stop, say.officer],
    lead: '在“{issuers}”屏幕上：该颁发者，以及其仪式的下一步。',
  },
  'ca.csr-refused': {
    means: '产品请求证书的方式不被允许，例如密钥太弱或签名无效。未签署任何内容。',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: '看消息中的规则。若整批产品都如此，是其固件生成的密钥或请求有误。',
  },
  'ca.profile': {
    means: '配方对证书的要求不被允许，例如设备证书的有效期长于其颁发者。',
    steps: [say.stop, say.lead],
    lead: '在“{recipes}”屏幕上：配方中的证书配置。在“{issuers}”屏幕上：颁发者的有效期截止时间。',
  },
  'ca.lint': {
    means: '每次签名前，工站都会按一组规则检查证书，而这一张会违反其中一条。这是本程序的错误。未签署任何内容。',
    steps: [say.stop, say.officer],
    lead: '将规则和代码报告给本程序的维护人员。',
  },
  'ca.chain': {
    means: '所给证书链中有一张证书与其他证书不匹配，或违反规则。没有采用任何内容。',
    steps: ['查看消息指的是哪张证书。', '向制作证书链的人索取完整且顺序正确的证书链。', say.officer],
    lead: '在“{issuers}”屏幕上：已发出的请求；答复必须对应这一请求。',
  },
  'ca.clock': {
    means: '时钟早于工站已记录的内容、超出颁发者的有效期，或与手表相差很大。时间错误的证书毫无价值。',
    steps: ['将屏幕上的时间与手表对照。', say.lead],
    lead: '校准操作系统的时钟，然后由两个人在“{issuers}”屏幕上确认。',
  },
  'ca.key-taken': {
    means: '另一件产品已有使用同一公钥的证书。两台设备用同一密钥，说明密钥被复制，或生成时不够随机。',
    steps: [say.aside, say.notAgain, say.both],
    lead: '在“{audit}”屏幕上按该序列号查找：被拒绝的运行。若有多件产品如此，是固件的随机数发生器有问题。',
  },
  'ca.serial-taken': {
    means: '新证书会得到一个已存在的编号。偶然情况下这绝不会发生，因此随机数发生器值得怀疑。',
    steps: [say.again, '若再次出现，请停下并呼叫安全员。'],
    lead: '这台计算机是否在运行中从另一台复制而来。',
  },
  'ca.signature-wrong': {
    means: 'HSM 返回的不是对工站所发内容的签名。HSM 已损坏，或中间有人作梗。',
    steps: ['不要再制造需要证书的产品。', say.officer],
    lead: '在“{hsm}”屏幕上：将 HSM 驱动程序及其哈希值与设置时的对照。不要再用这台 HSM。',
  },
  'ca.quota': {
    means: '已签发的证书达到两个人商定的数量。配额限制了工站被盗时他人能做的事。',
    steps: [say.stop, say.lead],
    lead: '在“{issuers}”屏幕上：已签发数和配额。提高配额需要两个人。',
  },
  'ca.no-certificate': {
    means: '没有这张证书，或其状态不允许这样做：已吊销、从未签署，或其产品已没有名称。',
    steps: ['重新查找该证书。', say.look],
    lead: '在“{certificates}”屏幕上：该证书及其状态。',
  },
  'store.none': {
    means: '该产品的证书应来自别处制作的证书库，而其中没有它的证书，或已用掉。消息中写明了原因。',
    steps: [say.aside, say.goOn, say.lead],
    lead: '在“{hsm}”屏幕上：证书库的存量，以及其中有哪些产品的证书。由两个人导入更多。',
  },
  'store.empty': {
    means: '该工单从一个证书库取证书，而其中没有该工单任何产品的证书。',
    steps: [say.notYet, say.lead],
    lead: '在“{hsm}”屏幕上：各证书库。由两个人导入该工单的文件。',
  },
};
