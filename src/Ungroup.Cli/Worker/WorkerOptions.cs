using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Ungroup.Cli.Amqp;

namespace Ungroup.Cli.Worker;

/// <summary>Section <c>Worker</c>: where the queues are.</summary>
internal sealed class WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>A Service Bus connection string, or <c>amqp[s]://user:key@host:port</c>. No default.</summary>
    public string Bus { get; set; } = "";

    /// <summary>The queues of requests, with commas between, each worked on apart from the others. Default: removals,removals-incident.</summary>
    [RegularExpression("[^,]*[^, ][^,]*(,[^,]*[^, ][^,]*)*", ErrorMessage = "Worker:Queues is a list of names with commas between, none of them empty.")]
    public string Queues { get; set; } = "removals,removals-incident";

    /// <summary>The queue or topic outcome events go to. Default: outcomes.</summary>
    [Required(ErrorMessage = "Worker:Outcomes is empty; it names the queue or topic that outcome events go to.")]
    public string Outcomes { get; set; } = "outcomes";

    /// <summary>How many messages of each queue are worked on at once. Default: 16.</summary>
    [Range(1, 1_000, ErrorMessage = "Worker:Concurrency is out of range; it is between 1 and 1,000.")]
    public int Concurrency { get; set; } = 16;

    /// <summary>How often outcomes that were decided and not published are looked for. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Worker:SweepEvery is out of range; it is between one second and one hour.")]
    public TimeSpan SweepEvery { get; set; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<string> QueueNames => Queues.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The parsed <see cref="Bus"/>; what was validated at start cannot fail here.</summary>
    public BusAddress Address => BusAddress.TryParse(Bus, out var address, out var problem) ? address : throw new FormatException(problem);
}

[OptionsValidator]
internal sealed partial class ValidateWorkerOptions : IValidateOptions<WorkerOptions>;

/// <summary>The bus address is checked apart: what is wrong with it takes a sentence of its own.</summary>
internal sealed class ValidateBusAddress : IValidateOptions<WorkerOptions>
{
    public ValidateOptionsResult Validate(string? name, WorkerOptions options) =>
        options.Bus.Length == 0
            ? ValidateOptionsResult.Fail("No bus is given; say --bus, or set UNGROUP__Worker__Bus or Worker:Bus in the settings file.")
            : BusAddress.TryParse(options.Bus, out _, out var problem)
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(problem);
}
