using Ungroup.Ecs.Changes;
using Ungroup.Requests;

namespace Ungroup.Tests.Ecs;

/// <summary>Requests and progress to start from; use <c>with</c>.</summary>
internal static class Removals
{
    public const string Instance = "i-bp1web1";
    public const string Eni = "eni-bp1app1";
    public const string Group = "sg-web";
    public const string Base = "sg-base";

    public static RemovalRequest Request { get; } = new()
    {
        RequestId = "r-1",
        Account = "default",
        SecurityGroup = SecurityGroupId.TryParse(Group, out var group) ? group : throw new InvalidOperationException(),
        Resource = ResourceId.Instance.TryParse(Instance, out var instance) ? instance : throw new InvalidOperationException(),
        RegionId = "cn-beijing",
    };

    public static RemovalRequest EniRequest { get; } = Request with
    {
        Resource = ResourceId.NetworkInterface.TryParse(Eni, out var eni) ? eni : throw new InvalidOperationException(),
    };

    public static DateTimeOffset Start { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static RemovalProgress Progress { get; } = new()
    {
        Deadline = Start + TimeSpan.FromHours(24),
        BeginAttemptAsync = _ => Task.FromResult(true),
        TakeBackAttempt = () => { },
        CountUnfamiliarReply = () => 1,
    };
}
