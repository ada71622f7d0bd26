# Copyright (c) 2026 BookieOps contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The documents of the API's pages, as they stand there."""

from __future__ import annotations

PAGE_ONE = {
    "status": "success",
    "message": "Bot turned ON successfully",
    "account_id": "123",
    "display_name": "TAB Main Account",
    "bot_status": "RUNNING",
    "timestamp": "2024-01-24T21:00:00+11:00",
    "previous_status": "STOPPED",
    "session_info": {"active_sessions": 1, "session_start_time": "2024-01-24T21:00:00+11:00"},
}
PAGE_ALL = {
    "status": "success",
    "message": "Command 'all_on' sent to all bots successfully",
    "affected_accounts": 5,
    "results": [
        {"account_id": 123, "display_name": "TAB Main Account", "status": "success", "message": "Bot turned on successfully"},
        {"account_id": 125, "display_name": "Sportsbet Premium", "status": "failed", "message": "Bot already running"},
    ],
}
