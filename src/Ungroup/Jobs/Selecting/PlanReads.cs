using System.Text.Json;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Json;
using Ungroup.Messages;

namespace Ungroup.Jobs.Selecting;

/// <summary>Reads for a plan, each with a few tries. A plan waits for what ECS does not answer, and fails where ECS does not permit it.</summary>
internal sealed class PlanReads(DeliveryTries tries, Waits waits, Origin origin)
{
    private const int MostTries = 3;

    private static readonly TimeSpan AfterATry = TimeSpan.FromSeconds(1);

    private readonly EcsSession _ecs = tries.Open(RemovalProgress.Looking, origin);

    public CallCount Calls => _ecs.Calls;

    /// <returns>The reply, as JSON where it is one; or why there is none.</returns>
    public async Task<(PlanReply? Reply, PlanTurn? Stopped)> SendAsync(EcsCall call, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            var (reply, stopped) = await _ecs.SendAsync(call, beginAsync: null, cancellationToken);
            var pause = AfterATry;
            if (reply is null)
            {
                if (stopped is not RemovalResult.Wait { IsDenied: false, IsWorthAnotherTry: true } again || number == MostTries)
                {
                    return (null, Turn((RemovalResult.Wait)stopped!));
                }

                pause = again.Pause ?? AfterATry;
            }
            else if (reply.Fault is null && JsonBody.Parse(reply.Body) is { } document)
            {
                using (document)
                {
                    return (new(document.RootElement.Clone(), null), null);
                }
            }
            else if (reply.Fault is Fault.Permanent or Fault.Unfamiliar)
            {
                return (new(null, reply.Code), null);
            }
            else if (number == MostTries)
            {
                return (null, new PlanTurn.Wait(waits.Postponed(0, reply.RetryAfter), Sentences.Of(call, reply)));
            }

            await waits.PauseAsync(pause, cancellationToken);
        }
    }

    private static PlanTurn Turn(RemovalResult.Wait wait) =>
        wait.IsDenied ? new PlanTurn.End(JobEnd.Failed, $"The plan could not be made. {wait.Why}") : new PlanTurn.Wait(wait.Until, wait.Why);
}

/// <summary>A reply about what was asked.</summary>
/// <param name="Json">Null where ECS said no.</param>
/// <param name="Code">ECS's code; null where it said yes.</param>
internal sealed record PlanReply(JsonElement? Json, string? Code)
{
    public string? Token => Json?.Text("NextToken") is { Length: > 0 } token ? token : null;

    public int Total => Json?.Find("TotalCount") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var total) ? total : 0;

    public IEnumerable<JsonElement> Instances => Json?.List("Instances", "Instance") ?? [];

    public IEnumerable<JsonElement> Interfaces => Json?.List("NetworkInterfaceSets", "NetworkInterfaceSet") ?? [];

    public static IReadOnlyList<string> GroupsIn(JsonElement item) =>
        [.. item.List("SecurityGroupIds", "SecurityGroupId").Select(group => Redaction.OneLine(JsonText.Of(group), 64)).OfType<string>().Order(StringComparer.Ordinal)];
}
