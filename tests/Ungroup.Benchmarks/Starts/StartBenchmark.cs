namespace Ungroup.Benchmarks.Starts;

/// <summary>From the start of <c>ungroup worker</c> to its first outcome and of the function app to its first settled message, as they may be published.</summary>
internal static class StartBenchmark
{
    private const int Rounds = 11;

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine(
            $"start: `ungroup worker` from the start of its process to the outcome of a message that waits for it, and the function app to that message's "
            + $"settlement, driven by the small host in this process; new SQLite ledger, 0 ms ECS, {Environment.ProcessorCount} busy cores; {Rounds} rounds in turns after one that does not count");
        var home = Directory.CreateTempSubdirectory("ungroup-start-");
        try
        {
            var publications = await PublishAsync(home);
            var starts = publications.ToDictionary(publication => publication, _ => new List<FirstMessage>());
            await using var arena = await Arena.OpenAsync((Rounds + 1) * publications.Length);
            for (var round = 0; round <= Rounds; round++)
            {
                foreach (var publication in round % 2 == 0 ? publications : publications.Reverse())
                {
                    var start = await arena.StartAsync(publication);
                    if (round > 0)
                    {
                        starts[publication].Add(start);
                    }
                }
            }

            Print(publications, starts);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static async Task<Publication[]> PublishAsync(DirectoryInfo home)
    {
        List<Publication> made = [];
        foreach (var form in Publication.Forms)
        {
            switch (await Publication.MakeAsync(form, home))
            {
                case Publishing.Done { Publication: var publication }:
                    made.Add(publication);
                    break;
                case Publishing.LeftOut { Why: var why }:
                    Console.WriteLine($"{form.Name} is left out: {why}");
                    break;
            }
        }

        return [.. made];
    }

    private static void Print(Publication[] publications, Dictionary<Publication, List<FirstMessage>> starts)
    {
        var table = new Table(
            "published as", "first message ms, median", "least", "most", "÷ JIT", "CPU ms, median", "peak MB", "size MB", "files");
        foreach (var publication in publications)
        {
            double[] waits = [.. starts[publication].Select(start => start.Wait.TotalMilliseconds)];
            var peer = starts[publications.First(other => other.Form.Project == publication.Form.Project)];
            table.Add(
                publication.Form.Name,
                $"{Series.MedianOf(waits):N0}",
                $"{waits.Min():N0}",
                $"{waits.Max():N0}",
                $"{Series.MedianOf(starts[publication].Zip(peer, (ours, theirs) => ours.Wait / theirs.Wait)):0.00}",
                $"{Series.MedianOf(starts[publication].Select(start => start.Cpu.TotalMilliseconds)):N0}",
                $"{starts[publication].Max(start => start.PeakMemory) / 1024 / 1024}",
                $"{publication.Bytes / 1e6:0.0}",
                $"{publication.Files}");
        }

        table.Print();
    }
}
