import type { tour as english } from '../en/tour.ts';
import type { Told } from '../messages.ts';

export const tour: Told<typeof english> = {
  title: '导览',
  offer: '导览：2 分钟',
  decline: '不用',
  about: '第一次使用？导览从第一件产品一直到证据。',
  at: '第 {step} 步，共 {steps} 步',
  next: '下一步',
  leave: '退出',
  finish: '完成',
  steps: {
    scan: '扫描一件产品：按下一个不带 X 的标签，或输入后按回车。工位显示每个步骤，然后显示“{pass}”。',
    wrong: '现在扫描以 X 结尾的标签：它贴在错误的产品上。工作站会发现。',
    read: '“{fail}”说明发现了什么、该做什么，并给出代码。按 Shift+F1 打开该代码的页面，按 Esc 关闭。',
    mend: '错误的产品已隔离。扫描一个不带 X 的标签：产线继续工作，只有制造完成的才是“{pass}”。',
    order: '工单进展如何？按 F9 打开菜单，选择“{orders}”。',
    become: '这里是工单的进度。证据供检查人员使用：先按上方的“{out}”，再以 {auditor} 登录。',
    evidence: '按 F9，选“{audit}”，再选“{exports}”，按“{write}”：工作站写出证据并验证。',
    done: '制造了一件产品，查出了一件错误的产品，证据有效。可在帮助中重新开始导览。',
  },
};
