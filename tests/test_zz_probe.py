from tests.test_access import *
from django.urls import get_resolver
def methods(name):
    out=[]
    def walk(ps):
        for p in ps:
            if isinstance(p, URLResolver): walk(p.url_patterns)
            elif p.name==name:
                v=getattr(p.callback,'view_class',None) or getattr(p.callback,'cls',None)
                if v: out.extend(m.upper() for m in ('get','post','patch','delete') if hasattr(v,m))
                else:
                    out.extend(['GET','POST'])
    walk(get_resolver().url_patterns); return out
def test_probe(world):
    lines=[]
    for name,pattern,_ in routes():
        for m in methods(name):
            try: st=[status_of(world,r,m,name) for r in ROLES]
            except Exception as e: st=[repr(e)[:150]]
            if set(st)=={405}: continue
            lines.append(f"{m:6} {name:40} "+' '.join(map(str,st)))
    print("\n"+"\n".join(lines))
