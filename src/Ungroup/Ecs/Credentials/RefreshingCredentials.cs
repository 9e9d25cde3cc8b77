using Microsoft.Extensions.Logging;

namespace Ungroup.Ecs.Credentials;

internal delegate Task<Grant> Issuer();

/// <summary>Temporary credentials, fetched anew before they expire, by one caller for all.</summary>
internal sealed partial class RefreshingCredentials(string account, string name, Issuer issueAsync, Issuing issuing) : ICredentialsProvider
{
    // Shorter than two time-outs in a row: after this long a message is better off in the queue.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly Grant.Withheld Pending = new(
        "CredentialsPending", "They are being fetched, which takes long.", Fault.Transient, "Nothing to do: it is tried again by itself.");

    private readonly Lock _gate = new();
    private readonly FetchPause _pause = new(issuing.Clock, issuing.Chance);
    private HeldGrant? _held;
    private Grant.Withheld? _failure;
    private TaskCompletionSource? _fetch;

    public string Name => name;

    public async ValueTask<Grant> GetAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource? fetch;
        var isOurs = false;
        lock (_gate)
        {
            var now = issuing.Clock.GetUtcNow();
            if (_held?.IsFresh(now) == true || !_pause.IsOver(now) || (_held?.IsValid(now) == true && _fetch is not null))
            {
                return Best(now);
            }

            isOurs = _fetch is null;
            fetch = _fetch ??= new();
        }

        if (isOurs)
        {
            _ = FetchAsync(fetch);
        }

        try
        {
            await fetch.Task.WaitAsync(Patience, issuing.Clock, cancellationToken);
        }
        catch (TimeoutException)
        {
        }

        lock (_gate)
        {
            return Best(issuing.Clock.GetUtcNow());
        }
    }

    public ValueTask RefreshAsync(AccessKey refused, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_held is { } held && ReferenceEquals(held.Grant.Credentials, refused))
            {
                _held = null;
                _failure = null;
                _pause.End();
            }
        }

        return default;
    }

    /// <summary>Belongs to no caller, so that none can cancel it for the others; each request in it has a time-out.</summary>
    private async Task FetchAsync(TaskCompletionSource fetch)
    {
        try
        {
            Take(await issueAsync());
            fetch.SetResult();
        }
        catch (Exception defect)
        {
            lock (_gate)
            {
                _fetch = null;
            }

            fetch.SetException(defect);
        }
    }

    private void Take(Grant grant)
    {
        lock (_gate)
        {
            var now = issuing.Clock.GetUtcNow();
            _fetch = null;
            if (grant is Grant.Given given)
            {
                (_held, _failure) = (new(given, now), null);
                _pause.End();
                Log.Issued(issuing.Logger, account, _held.Expires);
                return;
            }

            _failure = (Grant.Withheld)grant;
            var valid = _held?.IsValid(now) == true ? _held.Expires : (DateTimeOffset?)null;
            _pause.Begin(_failure.RetryAfter, valid);
            Log.Refused(issuing.Logger, account, _failure.Code, _failure.Sentence, _failure.Advice, valid is null ? "There are none" : "The old ones still serve");
        }
    }

    private Grant Best(DateTimeOffset now) =>
        _held?.IsValid(now) == true ? _held.Grant
        : _failure is not null ? _failure with { RetryAfter = _pause.Left(now) }
        : Pending;

    private static partial class Log
    {
        [LoggerMessage(404, LogLevel.Information, "Account {Account} has new credentials, good until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}.")]
        public static partial void Issued(ILogger logger, string account, DateTimeOffset? until);

        [LoggerMessage(405, LogLevel.Warning, "Account {Account} got no new credentials ({Code}). {Sentence} {Advice} {Still}.")]
        public static partial void Refused(ILogger logger, string account, string code, string sentence, string advice, string still);
    }
}
