using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ungroup;
using Ungroup.Functions;
using Ungroup.Ledger;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Configuration.WithLedgerDefaults();
builder.Services.AddUngroup(builder.Configuration).AddServiceBus(builder.Configuration).AddLedgerIdentity(builder.Configuration);
var app = builder.Build();

// Opened before the first message is received: an app without a ledger would burn deliveries, one that does not start burns none.
_ = app.Services.GetRequiredService<ILedgerStore>();
app.Run();
