using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ungroup.Ecs.Wire;

/// <summary>
/// Makes one signed attempt at a time, and never throws because ECS or the network misbehaves. It signs inside every retry, so that
/// each attempt has its own nonce and date.
/// </summary>
internal sealed partial class EcsClient(
    HttpMessageHandler handler, Accounts accounts, IOptions<EcsOptions> options, TimeProvider clock, ILogger<EcsClient> logger) : IDisposable
{
    private static readonly string UserAgent = $"Ungroup/{VersionOf(typeof(EcsClient).Assembly)}";

    // ECS refuses a date that is more than 15 minutes off; a smaller correction than this explains no refusal.
    private static readonly TimeSpan SmallestSkew = TimeSpan.FromMinutes(5);

    private readonly HttpMessageInvoker _http = new(handler, disposeHandler: false);
    private readonly Blanks _blanks = new(clock);
    private long _skew;

    public Func<string> Nonce { get; init; } = () => Guid.NewGuid().ToString("N");

    public ValueTask RefreshAsync(string account, EcsReply refused, CancellationToken cancellationToken)
    {
        Log.Refreshed(logger, account);
        return accounts[account].Credentials.RefreshAsync(refused.SignedWith!, cancellationToken);
    }

    public async ValueTask<EcsReply?> WithoutCredentialsAsync(string account, CancellationToken cancellationToken) =>
        await accounts[account].Credentials.GetAsync(cancellationToken) is Grant.Withheld withheld ? EcsReply.Without(withheld) : null;

    public async Task<EcsReply> SendAsync(EcsCall call, CancellationToken cancellationToken)
    {
        var account = accounts[call.Account];
        var grant = await account.Credentials.GetAsync(cancellationToken);
        if (grant is not Grant.Given { Credentials: var credentials })
        {
            return EcsReply.Without((Grant.Withheld)grant);
        }

        var patience = PatienceFor(call.Action);
        var blank = _blanks.Take();
        var timeout = blank.Within(patience);
        var isRead = false;
        try
        {
            using var either = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken) : null;
            var stop = (either ?? timeout).Token;
            var (dated, began) = (clock.GetUtcNow() + TimeSpan.FromTicks(Volatile.Read(ref _skew)), clock.GetTimestamp());
            Sign(blank.Message, call, account, credentials, dated);
            using var response = await _http.SendAsync(blank.Message, stop);
            var body = await EcsTransport.ReadAsync(response.Content, stop);
            isRead = body is not null;
            var reply = EcsReplyReader.Read(call, response, body, credentials);
            return IsAboutTheDate(reply) && CorrectClock(response.Headers.Date, dated + clock.GetElapsedTime(began))
                ? reply with { Fault = Fault.Transient }
                : reply;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return NoReply.TimedOut(patience);
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidDataException
            || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Nobody cancelled: .NET also says by a cancellation that no connection was made in time.
            Log.NoReply(logger, problem, call.Action, call.RegionId);
            return NoReply.Of(problem);
        }
        finally
        {
            if (isRead)
            {
                _blanks.Return(blank);
            }
            else
            {
                blank.Dispose();
            }
        }
    }

    private static bool IsAboutTheDate(EcsReply reply) => reply.Fault == Fault.Configuration
        && (reply.Code!.StartsWith("InvalidTimeStamp", StringComparison.OrdinalIgnoreCase)
            || reply.Code.StartsWith("IllegalTimestamp", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Dates the next attempt by ECS's clock, and returns false where the refused date was right, so that an operator must act. Judges this
    /// very call: another may have corrected the skew since.
    /// </summary>
    private bool CorrectClock(DateTimeOffset? theirs, DateTimeOffset ours)
    {
        if (theirs is not { } now || (now - ours).Duration() < SmallestSkew)
        {
            return false;
        }

        var correction = now - clock.GetUtcNow();
        if ((correction - TimeSpan.FromTicks(Interlocked.Exchange(ref _skew, correction.Ticks))).Duration() >= SmallestSkew)
        {
            Log.ClockCorrected(logger, correction);
        }

        return true;
    }

    private void Sign(HttpRequestMessage request, EcsCall call, Account account, AccessKey credentials, DateTimeOffset dated)
    {
        var url = Endpoint.UrlOf(call.RegionId, account.Endpoint, options.Value.Network);
        var date = dated.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var headers = Acs3Signature.HeadersOf(call.Action, Endpoint.AuthorityOf(url), date, Nonce(), account.Credentials.Name, credentials);
        request.RequestUri = new Uri($"{url}/?{call.Query}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        // The handler writes the host from the same URL; given as a header, it would be parsed first.
        foreach (var (name, value) in headers.Skip(1))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Headers.TryAddWithoutValidation("authorization", Acs3Signature.Authorization(credentials, "POST", call.Query, headers));
        request.Headers.TryAddWithoutValidation("accept", "application/json");
        request.Headers.TryAddWithoutValidation("user-agent", UserAgent);
    }

    /// <summary>As the official SDKs ship them: https://github.com/aliyun/alibaba-cloud-sdk-go, sdk/api_timeout.go.</summary>
    private TimeSpan PatienceFor(string action) => action switch
    {
        "LeaveSecurityGroup" or "JoinSecurityGroup" => options.Value.LeaveTimeout,
        "ModifyInstanceAttribute" => TimeSpan.FromSeconds(22),
        "DescribeNetworkInterfaces" => TimeSpan.FromSeconds(16),
        "DescribeSecurityGroups" => TimeSpan.FromSeconds(25),
        _ => TimeSpan.FromSeconds(10),
    };

    private static string VersionOf(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public void Dispose() => _http.Dispose();

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Warning, "{Action} in {Region} got no reply.")]
        public static partial void NoReply(ILogger logger, Exception problem, string action, string region);

        [LoggerMessage(402, LogLevel.Warning, "ECS refused the date of a call: this clock is off by {Correction}. Correct it; until then calls are dated by the clock of ECS.")]
        public static partial void ClockCorrected(ILogger logger, TimeSpan correction);

        [LoggerMessage(403, LogLevel.Warning, "ECS no longer takes the credentials of account {Account}: they are read again.")]
        public static partial void Refreshed(ILogger logger, string account);
    }
}
