import type { packing as english } from '../en/packing.ts';
import type { Like } from '../page.ts';
import { say } from './phrases.ts';

export const packing: Like<typeof english> = {
  'unit.shipped': {
    means: '按记录，该产品已离开产线。若它仍在这里，要么是退回的，要么是另一件以它的名义被包装了。',
    steps: [say.aside, say.lead],
    lead: '在“{units}”屏幕上：何时发货。退回的产品应报废，或以新序列号在新工单下制造。',
  },
  'unit.needs-replacement': {
    means: '云端已有该产品的密钥，这里的副本已按规定销毁。只能以同一名称、用另一密钥再次制造。',
    steps: [say.aside, say.lead],
    lead: '在“{units}”屏幕上：与第二人一起更换其凭据。下一次运行会写入新密钥，云端条目随之更新。',
  },
  'order.first-article': {
    means: '配方要求先有人查看该版本的首件，然后才能制造其他产品。否则其中的错误会出现在整个工单里。',
    steps: ['按消息中的序列号，把首件产品交给线长。', say.again],
    lead: '查看该产品。若正确，在“{recipes}”屏幕上批准；否则在“{units}”屏幕上报废或重新制造：下一件通过的即为首件。',
  },
  'packing.label': {
    means: '扫描到的是另一件产品，或不是本工站制造的。贴错标签的箱子会把别人的身份发出去。',
    steps: ['再扫描一次产品本身的标签。', '若结果相同，给产品标上此代码并隔离，然后呼叫线长。'],
    lead: '在“{units}”屏幕上：该标签指的是哪件产品；旁边的产品是否互换了标签。',
  },
  'packing.no-key': {
    means: '该产品用 TPM 证明身份，但没有其背书密钥的记录。云端永远无法识别它。',
    steps: [say.aside, say.lead],
    lead: '在“{audit}”屏幕上按该序列号查看：运行时是否读取了 TPM。在“{units}”屏幕上让其重新制造。',
  },
  'packing.short-lived': {
    means: '证书到期过早：产品在仓库里存放的时间可能比证书有效期还长，届时会被拒绝。',
    steps: [say.aside, say.lead],
    lead: '在“{certificates}”屏幕上：何时到期。续签后让产品重新制造，或询问配方要求是否过高。',
  },
  'packing.no-receipt': {
    means: '配方要求在发货前得到云端的答复，而答复尚未到达。',
    steps: ['把该产品放在一旁，包装下一件。', '稍后再扫描它。', say.leadIf],
    lead: '在“{cloud}”屏幕上：是否有上传在等待及其原因；该产品的记录是否在等人处理。',
  },
  'packing.shut-out': {
    means: '有人在云端禁用或移除了该产品。开机的人会被拒绝。',
    steps: [say.aside, say.lead],
    lead: '在“{audit}”屏幕上按该序列号查看：谁、为何这样做。重新启用，或将其报废。',
  },
};
