import {readFileSync} from 'node:fs';
const p=JSON.parse(readFileSync(process.argv[2]??'/tmp/prof/x.cpuprofile','utf8'));const N=10000;
const by=new Map(p.nodes.map(n=>[n.id,n]));const self=new Map();
for(let i=0;i<p.samples.length;i++)self.set(p.samples[i],(self.get(p.samples[i])??0)+(p.timeDeltas[i]??0));
const parent=new Map();for(const n of p.nodes)for(const c of n.children??[])parent.set(c,n.id);
const nm=n=>`${n.callFrame.functionName||'(anon)'} ${n.callFrame.url.split('/').slice(-2).join('/')}:${n.callFrame.lineNumber+1}`;
const s=new Map(),t=new Map();
for(const n of p.nodes){const v=self.get(n.id)??0;s.set(nm(n),(s.get(nm(n))??0)+v);const seen=new Set();for(let x=n.id;x;x=parent.get(x)){const k=nm(by.get(x));if(!seen.has(k)){seen.add(k);t.set(k,(t.get(k)??0)+v);}}}
const show=(m,k)=>[...m].sort((a,b)=>b[1]-a[1]).slice(0,k).forEach(([n,v])=>console.log((v/N).toFixed(1).padStart(7),n));
console.log('SELF us/cert');show(s,45);console.log('TOTAL');show(t,70);
console.log('RUN by parent');const rp=new Map();for(const n of p.nodes)if(/^(run|\(anon\)) :0/.test(nm(n))){let x=parent.get(n.id),k=nm(n)+' < '+nm(by.get(x));x=parent.get(x);k+=' < '+(x?nm(by.get(x)):'');rp.set(k,(rp.get(k)??0)+(self.get(n.id)??0));}show(rp,20);
