namespace MtlHybrid.Reporting;

/// <summary>The style sheet of the report: phone and desktop, light and dark, paper.</summary>
internal static class ReportStyle
{
    /// <summary>Colours a contestant or group can have; later ones repeat.</summary>
    public const int Colours = 8;

    public const string Css = """
        :root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--fg:#1c2430;--dim:#5b6675;--line:#dfe3e9;--pos:33,118,199;--neg:214,96,20;
        --c0:#6b7480;--c1:#1f77c4;--c2:#1a9a8a;--c3:#d9541e;--c4:#8a4fc0;--c5:#b8860b;--c6:#c2387d;--c7:#4e8a1f;--good:#1a7f4b;--warn:#9a6700;--bad:#b3261e}
        @media(prefers-color-scheme:dark){:root{--bg:#12161c;--card:#1b212a;--fg:#e6eaf0;--dim:#9aa6b5;--line:#323b47;--pos:77,157,230;--neg:240,130,60;
        --c0:#a3adba;--c1:#5aa9ee;--c2:#3cc4b2;--c3:#ff8a55;--c4:#b98aec;--c5:#e0b040;--c6:#f07ab2;--c7:#8cc85a;--good:#57c98b;--warn:#e0b040;--bad:#ff8a80}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere;
        -webkit-print-color-adjust:exact;print-color-adjust:exact}
        main{max-width:1080px;margin:0 auto;padding:16px}
        h1{font-size:1.6rem;line-height:1.25;margin:.4em 0 .1em}h2{font-size:1.2rem;margin:0 0 .5em}h3{font-size:1rem;margin:1.2em 0 .4em}
        section{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin:16px 0}
        p{margin:.4em 0 .8em}.dim,figcaption,.sub{color:var(--dim)}figcaption,.sub{font-size:.875rem}
        .verdict{border-left:6px solid var(--dim)}.verdict.better{border-left-color:var(--good)}.verdict.worse{border-left-color:var(--bad)}
        .verdict.no-difference,.verdict.undecided{border-left-color:var(--warn)}
        .verdict .head{font-size:1.25rem;line-height:1.35;font-weight:600;margin:0 0 .5em}
        .banner{border:1px solid var(--warn);color:var(--warn);border-radius:10px;padding:10px 16px;margin:16px 0;font-weight:600}
        ul{padding-left:1.2em;margin:.4em 0}li{margin:.25em 0}
        .scroll{overflow-x:auto;max-width:100%}.tall{max-height:70vh;overflow-y:auto}
        table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
        th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--line);white-space:nowrap}
        th{font-weight:600;vertical-align:bottom}thead th{white-space:normal;min-width:6em}
        th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--card)}
        tbody th{font-weight:400;max-width:16em;overflow:hidden;text-overflow:ellipsis}
        .tall thead th{position:sticky;top:0;background:var(--card);z-index:1}.tall thead th:first-child{z-index:2}
        td.best{font-weight:700}td.best::after{content:" \2605";font-size:.75em;color:var(--good)}td:not(.best):not(.plain)::after{content:" \2605";font-size:.75em;visibility:hidden}
        tr.total>*{border-top:2px solid var(--fg);font-weight:600}
        table.heat{font-size:.8rem}table.heat td{padding:4px 8px;border:1px solid var(--card);text-align:right}table.heat th{border:0;padding:4px 8px}
        table.heat thead th{min-width:4em;max-width:9em;text-align:right;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
        table.heat thead th:first-child{text-align:left;white-space:normal;min-width:7em}
        @media(max-width:560px){tbody th{min-width:7em;max-width:8.5em;white-space:normal;overflow-wrap:anywhere}main{padding:10px}section{padding:12px}th,td{padding:5px 7px}table.heat thead th{max-width:6em}}
        table.words td{white-space:normal;text-align:left;vertical-align:top}table.words th{white-space:normal;text-align:left;vertical-align:top}table.words{width:100%}
        .plot{margin:0}.plot .row{display:grid;grid-template-columns:15em 1fr 8.5em;gap:2px 12px;align-items:center;padding:4px 0}
        .plot .val{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .track{position:relative;height:26px;background:linear-gradient(var(--line),var(--line)) center/100% 1px no-repeat}
        .track span{position:absolute;display:block}
        .track .zero{top:-8px;bottom:-8px;width:2px;margin-left:-1px;background:var(--dim)}
        .track .spread{top:8px;height:10px;border-radius:5px;background:currentColor;opacity:.3}
        .track .seed{top:9px;width:8px;height:8px;margin-left:-4px;border-radius:50%;border:1.5px solid currentColor;background:var(--card)}
        .track .mean{top:2px;width:4px;height:22px;margin-left:-2px;border-radius:2px;background:currentColor}
        .axis{position:relative;height:1.5em;font-size:.8rem;color:var(--dim)}.axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
        @media(max-width:560px){.plot .row{grid-template-columns:1fr auto}.plot .row>.track,.plot .row>.axis{grid-column:1/-1;grid-row:2;margin:0 14px}.plot .row>.axis{grid-row:1}.track .zero{top:0;bottom:0}}
        .multiples{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,310px),1fr));gap:14px;align-items:end}
        figure{margin:0;min-width:0}figcaption{margin-bottom:4px}svg{display:block;width:100%;height:auto}
        svg text{font-size:11px;fill:var(--dim);font-family:inherit}svg .grid{stroke:var(--line);stroke-width:1;fill:none}
        svg .line{fill:none;stroke:currentColor;stroke-width:1.5;stroke-linejoin:round}svg .train{stroke-dasharray:3 3;opacity:.7;stroke-width:1.2}
        svg .alone{fill:var(--dim);opacity:.22}svg .cell{stroke:none}svg .edge{fill:none;stroke:var(--fg);stroke-width:1}
        .p{fill:rgb(var(--pos))}.n{fill:rgb(var(--neg))}
        .c0{color:var(--c0)}.c1{color:var(--c1)}.c2{color:var(--c2)}.c3{color:var(--c3)}.c4{color:var(--c4)}.c5{color:var(--c5)}.c6{color:var(--c6)}.c7{color:var(--c7)}
        svg .cell{fill:currentColor}svg .p{fill:rgb(var(--pos))}svg .n{fill:rgb(var(--neg))}
        .legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.875rem;margin:.2em 0 .8em;padding:0;list-style:none}
        .legend li{margin:0}.legend i{display:inline-block;width:1.6em;border-top:3px solid currentColor;vertical-align:middle;margin-right:.4em}
        .legend i.dash{border-top-style:dashed;border-top-width:2px}.legend i.box{width:.9em;height:.9em;border:0;background:currentColor;border-radius:2px}
        .ramp{display:inline-block;width:9em;height:.8em;vertical-align:middle;border-radius:2px;
        background:linear-gradient(90deg,rgba(var(--neg),.8),rgba(var(--neg),0),rgba(var(--pos),0),rgba(var(--pos),.8))}
        dl{display:grid;grid-template-columns:minmax(8em,14em) 1fr;gap:4px 16px;margin:0;font-size:.95rem}dt{color:var(--dim)}dd{margin:0}
        @media(max-width:560px){dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5em}}
        details{margin:.6em 0}summary{cursor:pointer;color:var(--dim)}
        @media print{:root{--bg:#fff;--card:#fff;--fg:#000;--dim:#444;--line:#ccc}body{font-size:11px}main{max-width:none;padding:0}section{border:0;padding:0;break-inside:auto}
        figure,tr,.row{break-inside:avoid}.tall{max-height:none;overflow:visible}.scroll{overflow:visible}.multiples{grid-template-columns:repeat(3,1fr)}}
        """;

    /// <summary>Class of the colour of the contestant or group with this index.</summary>
    public static string Colour(int index) => "c" + index % Colours;
}
