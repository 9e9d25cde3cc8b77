namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>A status, and the one it turns into that long after the simulator started.</summary>
internal sealed record Lifecycle(string Status, string? Becomes, TimeSpan After)
{
    // https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances [SDK-DOC]
    public static readonly string[] OfInstances = ["Pending", "Running", "Starting", "Stopping", "Stopped"];

    // https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describenetworkinterfaces [SDK-DOC]
    public static readonly string[] OfNetworkInterfaces = ["Available", "Attaching", "InUse", "Detaching", "Deleting"];

    public static Lifecycle Always(string status) => new(status, Becomes: null, TimeSpan.Zero);

    public string At(TimeSpan sinceStart) => Becomes is not null && sinceStart >= After ? Becomes : Status;
}
