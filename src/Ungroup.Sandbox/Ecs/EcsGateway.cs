using Microsoft.AspNetCore.Http;
using Ungroup.Sandbox.Ecs.Actions;
using Ungroup.Sandbox.Ecs.Actions.Reads;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Changes;
using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Signatures;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs;

/// <summary>A call's way through: who calls, what it asks, whether there is quota, what goes wrong, what it comes to.</summary>
internal sealed class EcsGateway(World world, SimulatorOptions options, SignatureGate signatures, RequestLog log, CancellationToken stopping)
{
    // https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-leavesecuritygroup [META]
    private const string ApiVersion = "2014-05-26";

    private readonly ReplyWriter _replies = new(options.Clock);

    public async Task AnswerAsync(HttpContext http, WireRequest request)
    {
        var arrived = options.Clock.GetUtcNow();
        var requestId = Guid.NewGuid().ToString().ToUpperInvariant();
        var verdict = await DecideAsync(request, requestId, arrived);
        log.Add(LoggedRequest.Of(request, arrived, verdict.Reply, requestId) with
        {
            Account = verdict.Account,
            RegionId = verdict.RegionId,
            Effective = verdict.Effective,
            Fault = verdict.Fault,
        }, verdict.Resources);
        await _replies.WriteAsync(http, request, verdict.Reply, requestId);
    }

    private async Task<Verdict> DecideAsync(WireRequest request, string requestId, DateTimeOffset arrived)
    {
        if (request.Path != "/" || request.Method is not ("GET" or "POST"))
        {
            return Verdict.Of(request.Path != "/" ? EcsErrors.UnknownPath : EcsErrors.UnsupportedMethod);
        }

        var admission = signatures.Check(request);
        if (admission is Admission.Refused refused)
        {
            return Verdict.Of(refused.Error) with { Account = refused.Account };
        }

        var (account, session) = (Admission.Admitted)admission;
        var call = EcsCall.From(request, account, arrived);
        var action = ActionTable.Find(call.Action);
        var region = call.RegionId ?? RegionOfResource(call);
        var problem = call.Action.Length == 0 ? EcsErrors.Missing("Action")
            : request.Version != ApiVersion ? EcsErrors.InvalidVersion
            : action is null ? EcsErrors.UnknownAction
            : world.Denials.Of(call, region) is { } denied ? denied
            : session?.Policy?.Allows($"ecs:{call.Action}", call.ResourceNames) == false ? EcsErrors.Forbidden
            : call.RegionId is not null && !world.HasRegion(call.RegionId) ? EcsErrors.UnknownRegion
            : world.Quotas.Count(call.Account.Name, region ?? "", call.Action, arrived) is { } excess
                ? EcsErrors.Throttled with { Hint = excess.Hint }
            : null;
        var verdict = problem is null ? await PerformAsync(call, action!, requestId) : Verdict.Of(problem);
        return verdict with { Account = call.Account.Name, RegionId = region, Resources = call.Resources };
    }

    private async Task<Verdict> PerformAsync(EcsCall call, Func<World, EcsCall, ActionResult> action, string requestId)
    {
        var following = MakeChanges(call);
        var verdict = await CarryOutAsync(call, action, requestId);
        if (following.Count > 0)
        {
            lock (world.Gate)
            {
                following.ForEach(change => change.Make(world, options.Clock.GetUtcNow()));
            }
        }

        await world.SaveAsync();
        return verdict;
    }

    // Makes the changes that are due by now and those of others just before this call; those just after it are for later.
    private List<ChangeBook.Entry> MakeChanges(EcsCall call)
    {
        lock (world.Gate)
        {
            world.CatchUp(call.Now);
            var changes = world.Changes.Take(call);
            foreach (var change in changes.Where(change => !change.Follows))
            {
                change.Make(world, call.Now);
            }

            return [.. changes.Where(change => change.Follows)];
        }
    }

    private async Task<Verdict> CarryOutAsync(EcsCall call, Func<World, EcsCall, ActionResult> action, string requestId)
    {
        var fault = world.Faults.Take(call, kind => !FaultKind.Accompanies(kind));
        if (fault is not null)
        {
            world.Touch();
        }

        if (fault?.Kind == FaultKind.Slow)
        {
            // Like the real one, a slow call is carried out although the caller may have gone.
            await Task.Delay(fault.Span, options.Clock, stopping);
            call = call with { Now = options.Clock.GetUtcNow() };
        }

        if (fault?.Kind == FaultKind.AppliedLater)
        {
            Postpone(call, action, fault.Span);
        }

        // Whether the change is made and what the caller sees of it are two things; most faults are about the second.
        var made = fault is null or { AfterApply: true } or { Kind: FaultKind.Slow } ? Apply(call, action, requestId) : null;
        var verdict = fault is null or { Kind: FaultKind.Slow }
            ? made! with { Fault = fault?.Kind ?? made.Fault }
            : new Verdict(FaultReplies.Of(fault)) { Effective = made?.Effective == true, Fault = fault.Kind };
        return verdict.Reply is Reply.Refusal refusal && TakeCompanion(call, FaultKind.LowercaseErrorKeys)
            ? verdict with { Reply = refusal with { LowercaseKeys = true }, Fault = verdict.Fault ?? FaultKind.LowercaseErrorKeys }
            : verdict;
    }

    // Carried out by the time somebody could see it. Nobody is told what comes of it, as with a time-out.
    private void Postpone(EcsCall call, Func<World, EcsCall, ActionResult> action, TimeSpan delay)
    {
        var late = new WorldChange(call.Action, string.Join(' ', call.Resources), (held, now) =>
            action(held, call with { Now = now }) is ActionResult.Refused { Error: var error } ? $"{error.Code}: {error.Message}" : null);
        lock (world.Gate)
        {
            world.Changes.Add(late, new Trigger.AtTime(call.Now + delay - world.StartedAt));
        }
    }

    private Verdict Apply(EcsCall call, Func<World, EcsCall, ActionResult> action, string requestId)
    {
        lock (world.Gate)
        {
            var result = action(world, call);
            if (result is ActionResult.Refused { Error: var error })
            {
                return error == EcsErrors.NotAssociated && TakeCompanion(call, FaultKind.LegacyNotMember)
                    ? Verdict.Of(EcsErrors.LegacyNotMember) with { Fault = FaultKind.LegacyNotMember }
                    : Verdict.Of(error);
            }

            var (payload, change) = (ActionResult.Done)result;
            var verdict = new Verdict(new Reply.Success(Payload.Success(requestId, payload))) { Effective = change is not null };
            if (change is not null && world.Faults.Take(call, kind => kind == FaultKind.StaleRead) is { } stale)
            {
                change.Membership.KeepShowing(call.Now + stale.Span);
                return verdict with { Fault = stale.Kind };
            }

            return verdict;
        }
    }

    private bool TakeCompanion(EcsCall call, string kind)
    {
        if (world.Faults.Take(call, wanted => wanted == kind) is null)
        {
            return false;
        }

        world.Touch();
        return true;
    }

    private string? RegionOfResource(EcsCall call) =>
        call.Resources
            .Select(id => world.Inventory.FindInstance(id, call.Account, regionId: null)?.Place
                ?? world.Inventory.FindInterface(id, call.Account, regionId: null)?.Place)
            .FirstOrDefault(place => place is not null)?.RegionId;

    private sealed record Verdict(Reply Reply)
    {
        public string Account { get; init; } = "";

        public string? RegionId { get; init; }

        public IReadOnlyCollection<string> Resources { get; init; } = [];

        public bool Effective { get; init; }

        public string? Fault { get; init; }

        public static Verdict Of(EcsError error) => new(new Reply.Refusal(error));
    }
}
