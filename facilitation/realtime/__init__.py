"""Rooms, news and sheets over Socket.IO."""
