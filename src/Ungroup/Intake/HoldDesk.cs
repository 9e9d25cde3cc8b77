using System.Text.Json;
using Ungroup.Holds;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>Puts holds, lifts them and says which are in force, whatever door an operator comes by.</summary>
public sealed class HoldDesk
{
    /// <summary>The longest order, in bytes.</summary>
    public const int LongestBody = RequestReader.LongestBody;

    private readonly HoldRows _holds;
    private readonly ILedgerStore _store;
    private readonly KnownAccounts _accounts;
    private readonly TimeProvider _clock;

    internal HoldDesk(HoldRows holds, ILedgerStore store, KnownAccounts accounts, TimeProvider clock) =>
        (_holds, _store, _accounts, _clock) = (holds, store, accounts, clock);

    /// <summary>The holds in force, as JSON.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<string> ListAsync(CancellationToken cancellationToken) =>
        JsonSerializer.Serialize(new ToldHolds(await ReadAsync(cancellationToken)), IntakeJson.Default.ToldHolds);

    internal async Task<IReadOnlyList<ToldHold>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await _holds.ReadAsync(cancellationToken)).Select(ToldHold.Of)];

    /// <summary>Puts a hold: workers obey it within two seconds of the answer.</summary>
    /// <param name="body">The order, as docs/contracts.md says.</param>
    /// <param name="nobody">Stands for whoever puts it, where the order does not say.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and may have the hold all the same.</exception>
    public async Task<HoldAnswer> PutAsync(ReadOnlyMemory<byte> body, string nobody, CancellationToken cancellationToken)
    {
        List<RequestProblem> problems = [];
        if (HoldOrder.Read(body, _accounts, nobody, _clock.GetUtcNow(), problems) is not { } order)
        {
            return new HoldAnswer.Invalid(problems);
        }

        var hold = new Hold
        {
            Id = Guid.NewGuid().ToString("N")[..8],
            Account = order.Scope.Account,
            Group = order.Scope.Group,
            Origin = order.Scope.Origin,
            By = order.By,
            Reason = order.Reason,
            Since = _clock.GetUtcNow(),
        };
        var put = await _holds.PutAsync(hold, order.Lasts, cancellationToken)
            ?? throw new LedgerUnavailableException($"The ledger has a hold {hold.Id} already; ask again, under another id.");
        return new HoldAnswer.Put(ToldHold.Of(put) with { Expiring = await ExpiringAsync(put, cancellationToken) });
    }

    /// <summary>Lifts a hold: what waits under it is back within five minutes.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and may have lifted it all the same.</exception>
    public async Task<HoldAnswer> LiftAsync(string id, CancellationToken cancellationToken) =>
        IsId(id) && await HourAllowances.LiftAsync(_store, _holds, id, cancellationToken) is { } lifted
            ? new HoldAnswer.Lifted(ToldHold.Of(lifted))
            : new HoldAnswer.Unknown($"There is no hold {Shown.Quoted(id)}: it was lifted, or it is over.");

    private static bool IsId(string id) => id is { Length: > 0 and <= 160 } && !id.AsSpan().ContainsAnyExcept(Characters.OfAccountNames);

    /// <summary>Null where nobody can say: the hold is in force all the same.</summary>
    private async Task<ToldExpiry?> ExpiringAsync(Hold put, CancellationToken cancellationToken)
    {
        try
        {
            var forecast = await ExpiryForecast.OfAsync(put, _store, cancellationToken);
            return new(forecast.Count, forecast.By, forecast.IsAll ? null : true);
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
    }
}

/// <summary>The answer to an order.</summary>
public abstract record HoldAnswer
{
    private HoldAnswer()
    {
    }

    /// <summary>The hold is in force.</summary>
    public sealed record Put : HoldAnswer
    {
        internal Put(ToldHold hold) => Hold = hold;

        internal ToldHold Hold { get; }

        /// <summary>Its id.</summary>
        public string Id => Hold.Id;

        /// <summary>The hold as JSON, with how many requests would run out of time under it.</summary>
        public string ToJson() => Hold.ToJson();
    }

    /// <summary>The hold is not there any more.</summary>
    public sealed record Lifted : HoldAnswer
    {
        internal Lifted(ToldHold hold) => Hold = hold;

        internal ToldHold Hold { get; }

        /// <summary>The hold as it was, as JSON.</summary>
        public string ToJson() => Hold.ToJson();
    }

    /// <summary>There is no such hold.</summary>
    /// <param name="Sentence">Says so, and why that may be.</param>
    public sealed record Unknown(string Sentence) : HoldAnswer;

    /// <summary>The order is none, and nothing was done.</summary>
    /// <param name="Problems">At least one.</param>
    public sealed record Invalid(IReadOnlyList<RequestProblem> Problems) : HoldAnswer;
}

/// <summary>A hold as doors tell it.</summary>
internal sealed record ToldHold
{
    public required string Id { get; init; }

    public string? Account { get; init; }

    public string? Group { get; init; }

    public Origin? Origin { get; init; }

    public required string By { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset Since { get; init; }

    public DateTimeOffset? Until { get; init; }

    /// <summary>Told where the hold is put, if anybody can say.</summary>
    public ToldExpiry? Expiring { get; init; }

    public static ToldHold Of(Hold hold) => new()
    {
        Id = hold.Id,
        Account = hold.Account,
        Group = hold.Group,
        Origin = hold.Origin,
        By = hold.By,
        Reason = hold.Reason,
        Since = hold.Since.ToUniversalTime(),
        Until = hold.Until?.ToUniversalTime(),
    };

    public string ToJson() => JsonSerializer.Serialize(this, IntakeJson.Default.ToldHold);
}

/// <summary>How many requests would run out of time under a hold.</summary>
/// <param name="Requests">Those that the ledger knows; more may be on a queue.</param>
/// <param name="By">Until when they would.</param>
/// <param name="OrMore">True where not all were looked at; left out otherwise.</param>
internal sealed record ToldExpiry(int Requests, DateTimeOffset By, bool? OrMore = null);

internal sealed record ToldHolds(IReadOnlyList<ToldHold> Holds);
