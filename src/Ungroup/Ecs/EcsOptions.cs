using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Ecs;

/// <summary>How ECS is called, and how long we wait for it. Section <c>Ecs</c>.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The generated validator reads the ranges; no attribute converts anything.")]
internal sealed class EcsOptions
{
    public const string Section = "Ecs";

    /// <summary>The host, or the URL, of every call, unless the account has one of its own. Default: none, the region decides.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The network whose host names are called: <c>Public</c> or <c>Vpc</c>. Default: <c>Public</c>.</summary>
    public EcsNetwork Network { get; set; } = EcsNetwork.Public;

    /// <summary>How long to wait for the reply to one LeaveSecurityGroup. Shorter turns slow successes into unknowns. Default: 66 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")]
    public TimeSpan LeaveTimeout { get; set; } = TimeSpan.FromSeconds(66);

    /// <summary>Which removals read the groups before and after, as evidence. Contain and restore always do. Default: <c>Incidents</c>.</summary>
    public EvidenceFor Evidence { get; set; } = EvidenceFor.Incidents;

    /// <summary>How often one delivery tries before the message is postponed. Default: 3.</summary>
    [Range(1, 10)]
    public int QuickTries { get; set; } = 3;

    /// <summary>The shortest pause between two tries of one delivery. Default: 0.5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan ShortestBackoff { get; set; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The longest pause between two tries of one delivery. Default: 8 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan LongestBackoff { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest one delivery waits, in total, for a quota or an account to open again. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LongestWaitInPlace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest one delivery keeps trying before the message is postponed. Default: 4 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:30:00")]
    public TimeSpan LongestRun { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>The first postponement when ECS does not answer as it should; each further one is twice as long. Default: 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstPostponement { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest postponement when ECS does not answer as it should. Default: 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestPostponement { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The first wait for a resource that is starting, stopping or in transit; each further one is twice as long. Default: 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstStateWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest wait for a resource that is starting, stopping or in transit. Default: 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestStateWait { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After how many calls in a row without a proper answer an account rests in that region. Default: 5.</summary>
    [Range(1, 1_000)]
    public int OutageAfter { get; set; } = 5;

    /// <summary>The longest pause during an outage; the first is <see cref="FirstCircuitPause"/>. Default: 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestOutagePause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The first pause of an account whose operator must act; each further one is twice as long. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstCircuitPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause of an account whose operator must act. Default: 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestCircuitPause { get; set; } = TimeSpan.FromMinutes(15);
}

/// <summary>Whose host names are called.</summary>
internal enum EcsNetwork
{
    /// <summary><c>ecs.&lt;region&gt;.aliyuncs.com</c>: from anywhere.</summary>
    Public,

    /// <summary><c>ecs-vpc.&lt;region&gt;.aliyuncs.com</c>: only from inside a VPC of that very region.</summary>
    Vpc,
}

/// <summary>The removals whose groups are read before and after.</summary>
internal enum EvidenceFor
{
    /// <summary>Those of origin <c>incident</c>.</summary>
    Incidents,

    /// <summary>All of them.</summary>
    Always,

    /// <summary>None.</summary>
    Never,
}
