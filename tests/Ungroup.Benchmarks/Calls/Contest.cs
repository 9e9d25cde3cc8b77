namespace Ungroup.Benchmarks.Calls;

/// <summary>The contenders, in turns; who begins changes from round to round.</summary>
internal sealed class Contest(Func<int, Task<Sample>> ours, Func<int, Task<Sample>> bare, Func<int, Task<Sample>>? javaScript)
{
    private readonly Series signed = new();
    private readonly Series plain = new();
    private readonly Series official = new();

    public async Task RunAsync(int rounds, int warmUp, int calls, int javaScriptCalls)
    {
        await bare(warmUp);
        await ours(warmUp);
        if (javaScript is not null)
        {
            await javaScript(javaScriptCalls);
        }

        for (var round = 0; round < rounds; round++)
        {
            if (round % 2 == 0)
            {
                plain.Add(await bare(calls));
                signed.Add(await ours(calls));
            }
            else
            {
                signed.Add(await ours(calls));
                plain.Add(await bare(calls));
            }

            if (javaScript is not null)
            {
                official.Add(await javaScript(javaScriptCalls));
            }
        }
    }

    public void AddTo(Table table, int concurrency)
    {
        table.Add(
            "Ungroup, signed", $"{concurrency}", Rate(signed), Cpu(signed), Bytes(signed),
            $"{signed.Ratio(plain, sample => sample.CpuMicroseconds):0.00}",
            $"{signed.Ratio(plain, sample => sample.BytesEach):0.00}",
            official.IsEmpty ? "" : $"{signed.Ratio(official, sample => sample.PerSecond):0.0}",
            official.IsEmpty ? "" : $"{official.Ratio(signed, sample => sample.CpuMicroseconds):0.0}");
        table.Add("HttpClient, bare GET", $"{concurrency}", Rate(plain), Cpu(plain), Bytes(plain), "1", "1", "", "");
        if (!official.IsEmpty)
        {
            table.Add("official JavaScript", $"{concurrency}", Rate(official), Cpu(official), "", "", "", "1", "1");
        }
    }

    private static string Rate(Series series) => $"{series.Median(sample => sample.PerSecond):N0}";

    private static string Cpu(Series series) => $"{series.Median(sample => sample.CpuMicroseconds):0.0}";

    private static string Bytes(Series series) => $"{series.Median(sample => sample.BytesEach):N0}";
}
