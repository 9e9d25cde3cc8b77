using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Ungroup.Cli.Amqp;

namespace Ungroup.Cli.Worker;

/// <summary>Section <c>Worker</c>: where the queues are.</summary>
internal sealed class WorkerOptions
{
    public const string Section = "Worker";

    private static readonly string[] DefaultQueues = ["removals", "removals-incident"];

    /// <summary>A Service Bus connection string, or <c>amqp[s]://user:key@host:port</c>. No default.</summary>
    public string Bus { get; set; } = "";

    /// <summary>The queues of requests, each worked on apart from the others. Default: removals,removals-incident.</summary>
    public IList<string> Queues { get; } = [];

    /// <summary>The queue or topic outcome events go to. Default: outcomes.</summary>
    public string Outcomes { get; set; } = "outcomes";

    /// <summary>How many messages of each queue are worked on at once. Default: 16.</summary>
    [Range(1, 1_000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>How often outcomes that were decided and not published are looked for. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> QueueNames => Queues.Count == 0 ? DefaultQueues : [.. Queues];

    /// <summary>The parsed <see cref="Bus"/>; what was validated at start cannot fail here.</summary>
    public BusAddress Address => BusAddress.TryParse(Bus, out var address, out var problem) ? address : throw new FormatException(problem);
}

[OptionsValidator]
internal sealed partial class ValidateWorkerOptions : IValidateOptions<WorkerOptions>;

/// <summary>What no attribute can say in a sentence worth reading.</summary>
internal sealed class ValidateWorkerAddresses : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var problems = new List<string>();
        if (options.Bus.Length == 0)
        {
            problems.Add("No bus is given; say --bus, or set UNGROUP__Worker__Bus or Worker:Bus in the settings file.");
        }
        else if (!BusAddress.TryParse(options.Bus, out _, out var problem))
        {
            problems.Add(problem);
        }

        if (options.Queues.Any(string.IsNullOrWhiteSpace))
        {
            problems.Add($"Worker:Queues is '{string.Join(',', options.Queues)}'; expected the names of queues, none of them empty.");
        }

        if (string.IsNullOrWhiteSpace(options.Outcomes))
        {
            problems.Add("Worker:Outcomes is empty; expected the queue or topic that outcome events go to.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
