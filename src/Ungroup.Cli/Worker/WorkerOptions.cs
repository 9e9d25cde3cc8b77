using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Ungroup.Intake;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Worker;

/// <summary>Section <c>Worker</c>: where the queues are.</summary>
internal sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>A Service Bus connection string, or the name of its host, where an identity of Entra ID signs in. No default.</summary>
    public string Bus { get; set; } = "";

    /// <summary>Whether to go over WebSockets on port 443 instead of AMQP on 5671. Default: no.</summary>
    public bool WebSockets { get; set; }

    /// <summary>An HTTP proxy on the way to the bus, <c>http://host:port</c>, which means WebSockets. Default: none.</summary>
    public string? Proxy { get; set; }

    /// <summary>The queues, each worked on apart from the others; removals-jobs is that of jobs, all others have requests. Default: removals,removals-incident,removals-jobs.</summary>
    public IList<string> Queues { get; } = [];

    /// <summary>The queue or topic outcome events go to. Default: outcomes.</summary>
    public string Outcomes { get; set; } = "outcomes";

    /// <summary>How many messages of each queue are worked on at once. Default: 16.</summary>
    [Range(1, 1_000)]
    public int Concurrency { get; set; } = 16;

    /// <summary>How often outcomes that were decided and not published are looked for. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> QueueNames => Queues.Count == 0 ? RequestQueues.Worked : [.. Queues];

    /// <summary>Where it sends to, beside the copies of what it receives: who drives jobs sends their requests.</summary>
    public IReadOnlyList<string> SentTo => QueueNames.Any(PacedHandler.HasJobs) ? [Outcomes, .. RequestQueues.All] : [Outcomes];

    public BusNetwork Network => new(WebSockets, string.IsNullOrEmpty(Proxy) ? null : new Uri(Proxy));

    /// <summary>The parsed <see cref="Bus"/>; what was validated at start cannot fail here.</summary>
    public BusAddress Address => BusAddress.TryParse(Bus, out var address, out var problem) ? address : throw new FormatException(problem);

    /// <summary>Why the bus cannot be used for all of these; a sentence each.</summary>
    public IEnumerable<string> Problems(IEnumerable<string> entities)
    {
        if (Bus.Length == 0)
        {
            yield return "No bus is given; set UNGROUP__Worker__Bus, or Worker:Bus in a settings file, or say --bus where everybody on this machine may read it.";
        }
        else if (!BusAddress.TryParse(Bus, out var address, out var problem))
        {
            yield return problem;
        }
        else if (address.Excludes(entities) is { } other)
        {
            yield return other;
        }

        if (!string.IsNullOrEmpty(Proxy) && !(Uri.TryCreate(Proxy, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https"))
        {
            yield return "Worker:Proxy is not the address of a proxy; expected http://HOST:PORT.";
        }
    }
}

[OptionsValidator]
internal sealed partial class ValidateWorkerOptions : IValidateOptions<WorkerOptions>;

/// <summary>Checks what no attribute can say in a sentence worth reading.</summary>
internal sealed class ValidateWorkerAddresses : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var problems = new List<string>();
        problems.AddRange(options.Problems(options.QueueNames.Union(options.SentTo)));
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
